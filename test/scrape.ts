/** Reads single samples of `/metrics`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from './hosts';

/** The value of the first sample of this name with these labels, among others; NaN when there is none. */
export async function readSample(
  host: Host,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { text } = await host.request('GET', '/metrics');
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  const found = lines.find((each) => wanted.every((pair) => each.includes(pair)));
  return Number(found?.slice(found.lastIndexOf(' ')));
}

/** Waits until a sample is what it should be. Rests between, or the question takes the core from what it waits for. */
export async function untilSample(
  host: Host,
  isWanted: (value: number) => boolean,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  while (!isWanted(await readSample(host, name, labels))) await delay(2);
}
