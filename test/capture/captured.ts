/** A directory of captures, and what is in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, startHost } from '../hosts';

export interface CaptureRecord {
  readonly id: string;
  readonly firstRow?: number;
  readonly instances: readonly Readonly<Record<string, unknown>>[];
  readonly predictions: readonly unknown[];
  readonly outside?: readonly { readonly row: number; readonly features: readonly string[] }[];
  readonly [member: string]: unknown;
}

export function makeDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'captures-'));
  const readText = () =>
    readdirSync(directory)
      .sort()
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .join('');
  const read = () =>
    readText()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CaptureRecord);
  return { directory, readText, read, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Uses a host that captures all, and stops it; the directory is left to the caller. */
export async function captureAll(env: Readonly<Record<string, string>>, use: (host: Host) => Promise<unknown>) {
  const own = makeDirectory();
  const host = await startHost('in process', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory, ...env } });
  try {
    await use(host);
  } finally {
    await host.stop();
  }
  return own;
}
