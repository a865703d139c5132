/** Reads single samples of `/metrics`. */
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
