/** A copy of a model directory to break: what a host serves when MODEL_DIR names it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from './copy-files';
import { modelDirectory } from './model-files';

export interface ModelCopy {
  readonly directory: string;
  write(name: string, content: string | Buffer): void;
  /** Changes a JSON file. */
  edit<Content>(name: string, change: (content: Content) => object): void;
  /** Puts a file back as it was. */
  restore(name: string): void;
  remove(): void;
}

export function copyModel(source = modelDirectory): ModelCopy {
  const directory = mkdtempSync(join(tmpdir(), 'model-'));
  copyFiles(source, directory);

  function write(name: string, content: string | Buffer): void {
    writeFileSync(join(directory, name), content);
  }

  return {
    directory,
    write,
    edit: (name, change) =>
      write(name, JSON.stringify(change(JSON.parse(readFileSync(join(directory, name), 'utf8'))))),
    restore: (name) => write(name, readFileSync(join(source, name))),
    remove: () => rmSync(directory, { recursive: true }),
  };
}
