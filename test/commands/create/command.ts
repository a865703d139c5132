/** Runs `npm run create` as a shell does, in a directory of its own, from the clone or from a packed tarball. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../../processes';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty directory, where a newcomer begins. */
export const empty = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'newcomer-')));

export const main = join(projectDirectory, 'deploy/create/main.mjs');

export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (child: ChildProcess) => void;
  readonly input?: string;
}

export function run(
  program: string,
  words: readonly string[],
  { cwd, env = {}, onStart, input }: Place,
): Promise<Outcome> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, env: { PATH, HOME, ...env } });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => {
      output.stdout += text;
    });
    child.stderr.on('data', (text) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
    child.stdin.end(input);
    onStart?.(child);
  });
}

export const create = (words: readonly string[], place: Place): Promise<Outcome> =>
  run(process.execPath, [main, ...words], place);

/** Paths of files below a directory, packages and what is built left out. */
export function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !/^(node_modules|dist|\.git)\//.test(path))
    .sort();
}

export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}

export const isThere = (...path: readonly string[]): boolean => existsSync(join(...path));

/** Resolves once the endpoint answers; `npm start` builds first. */
export async function untilServed(port: number): Promise<void> {
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/v2/health/live`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
