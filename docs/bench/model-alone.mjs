/** Rows per second of the model without any server: what no host can be faster than. */
import { fileURLToPath } from 'node:url';
import { runChild } from './children.mjs';

const script = fileURLToPath(new URL('peers/model-alone.cjs', import.meta.url));

/** In turn with the servers: the machine is faster at one time than at another. */
export async function measureModelAlone({ cores, measurements }, rows) {
  const seconds = Number(await runChild(cores.onServerCore([process.execPath, script, String(rows)])));
  measurements.add(`rows/s of ${rows}`, 'model-alone', rows / seconds);
}
