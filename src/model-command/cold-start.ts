/** Starts the server with a model, as an instance does, and times it to its first prediction. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSamples } from '../model/samples';

const server = join(__dirname, '../server.js');
const retryMs = 2;
const patienceMs = 120_000;

export interface ColdStarts {
  readonly seconds: readonly number[];
  /** Resident memory after the first prediction of the last start. */
  readonly megabytes: number;
  /** The answer to the first sample, as text. */
  readonly answer: string;
}

export async function measureColdStarts(directory: string, count: number): Promise<ColdStarts> {
  const [sample] = readSamples(directory);
  const body = JSON.stringify({ instances: [sample?.instance] });
  const seconds: number[] = [];
  let [megabytes, answer] = [Number.NaN, ''];
  for (let i = 0; i < count; i++) {
    const port = await findPort();
    const startedAt = performance.now();
    const env = { ...process.env, MODEL_DIR: directory, PORT: String(port), LOG_REQUESTS: 'none' };
    const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      answer = await firstAnswer(child, `http://127.0.0.1:${port}`, body);
      seconds.push((performance.now() - startedAt) / 1_000);
      megabytes = await readMegabytes(`http://127.0.0.1:${port}/metrics`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  return { seconds, megabytes, answer };
}

async function firstAnswer(child: ChildProcess, base: string, body: string): Promise<string> {
  const said: string[] = [];
  child.stdout?.on('data', (text: Buffer) => said.push(text.toString()));
  const giveUpAt = performance.now() + patienceMs;
  const headers = { 'content-type': 'application/json' };
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const reply = await fetch(`${base}/predict`, { method: 'POST', headers, body }).catch(() => undefined);
    const text = await reply?.text();
    if (reply?.ok === true) return text as string;
    if (reply !== undefined) throw new Error(`The server answered ${reply.status} to the first sample: ${text}`);
    await sleep(retryMs);
  }
  throw new Error(`The server gave no prediction. It said: ${said.join('').trim() || 'nothing'}`);
}

async function readMegabytes(metrics: string): Promise<number> {
  const text = await (await fetch(metrics)).text();
  return Math.round(Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 1e6);
}

async function findPort(): Promise<number> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as { readonly port: number };
  free.close();
  await once(free, 'close');
  return port;
}
