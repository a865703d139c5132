/** A host that a command starts: a free port for it, and its first answer to a prediction. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const retryMs = 2;

export async function findFreePort(): Promise<number> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as { readonly port: number };
  free.close();
  await once(free, 'close');
  return port;
}

/** The first answer to a prediction, as text. Throws if it is none, or if none comes before the child or the time ends. */
export async function firstAnswer(child: ChildProcess, base: string, body: string, timeoutMs: number): Promise<string> {
  const output: string[] = [];
  child.stdout?.on('data', (text: Buffer) => output.push(text.toString()));
  const deadline = performance.now() + timeoutMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    const reply = await postPrediction(base, body).catch(() => undefined);
    const text = await reply?.text();
    if (reply?.ok === true) return text as string;
    if (reply !== undefined) throw new Error(`The server answered ${reply.status} to the first sample: ${text}`);
    await sleep(retryMs);
  }
  throw new Error(`The server did not answer a prediction. Its output: ${output.join('').trim() || 'none'}`);
}

export function postPrediction(base: string, body: string): Promise<Response> {
  return fetch(`${base}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
