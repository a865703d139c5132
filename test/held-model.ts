/** A copy of the model whose weights are a pipe: a load waits until they are written, and what waits for it is in flight. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { copyModel } from './model-copy';
import { card, modelDirectory } from './model-files';

const weights = readFileSync(join(modelDirectory, card.weights.file));

export interface HeldModel {
  readonly directory: string;
  /** Resolves when a load has begun; what it gives lets that load go on, with the card's weights or others. */
  untilLoading(): Promise<(bytes?: Buffer) => Promise<void>>;
  remove(): void;
}

export function holdModel(): HeldModel {
  const { directory, remove } = copyModel();
  const pipe = join(directory, card.weights.file);
  rmSync(pipe);
  execFileSync('mkfifo', [pipe]);
  let opening: Promise<FileHandle> | undefined;

  async function untilLoading(): Promise<(bytes?: Buffer) => Promise<void>> {
    opening = open(pipe, 'w');
    const writer = await opening;
    opening = undefined;
    return async (bytes = weights) => {
      await writer.writeFile(bytes);
      await writer.close();
    };
  }

  return {
    directory,
    untilLoading,
    remove() {
      // A test that failed may wait for a load that never comes.
      if (opening !== undefined) closeSync(openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK));
      remove();
    },
  };
}
