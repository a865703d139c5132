/** Rows per second of the model without any server: what no host can be faster than. */
import { fileURLToPath } from 'node:url';
import { runChild } from './children.mjs';

const script = fileURLToPath(new URL('peers/model-alone.cjs', import.meta.url));

export async function measureModelAlone({ cores, plan, measurements, say }) {
  say('the model alone');
  for (let round = 0; round < plan.rowRounds; round++) {
    for (const rows of plan.rowCounts) {
      const seconds = Number(await runChild(cores.onServerCore([process.execPath, script, String(rows)])));
      measurements.add(`rows/s of ${rows}`, 'model-alone', rows / seconds);
    }
  }
}
