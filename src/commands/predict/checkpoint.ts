/** How far a file has been answered: kept beside what is written, so that a run that was ended goes on where it was. */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

export interface Progress {
  readonly rows: number;
  /** Bytes of the output that hold the answers to these rows. */
  readonly bytes: number;
}

/** By what a run answers. */
interface Answering {
  readonly model: string;
  readonly coverage: string | undefined;
}

/** And what it reads: another run must not go on with its output. */
interface Identity extends Answering {
  readonly input: string;
  readonly inputBytes: number;
}

export interface Checkpoint {
  /** Of an earlier run; nothing when there is none. Throws when that run was another one. */
  read(): Progress;
  /** Whether there is one, of whatever run. */
  isThere(): boolean;
  write(progress: Progress): void;
  remove(): void;
}

export function createCheckpoint(output: string, input: string, answering: Answering): Checkpoint {
  const path = `${output}.progress`;
  const identity: Identity = { input, inputBytes: statSync(input).size, ...answering };

  function read(): Progress {
    if (!existsSync(path)) return { rows: 0, bytes: 0 };
    const { rows, bytes, ...other } = JSON.parse(readFileSync(path, 'utf8')) as Progress & Identity;
    if (JSON.stringify(other) === JSON.stringify(identity)) return { rows, bytes };
    throw new Error(
      `${path} is of another run: expected ${JSON.stringify(identity)}, got ${JSON.stringify(other)}. Remove it, or use --force to start again.`,
    );
  }

  function write(progress: Progress): void {
    // Whole or not at all: a run may be ended at any moment.
    writeFileSync(`${path}.new`, JSON.stringify({ ...progress, ...identity }));
    renameSync(`${path}.new`, path);
  }

  return { read, isThere: () => existsSync(path), write, remove: () => rmSync(path, { force: true }) };
}
