/** The document of a started server in a directory of its own, where generators make clients of it, and the programs of the guide that use these. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documents } from '../docs/documents';
import { isOfGenerated, type Program, readPrograms } from '../docs/programs';
import { startHost } from '../hosts';

const programs = readPrograms(documents).filter(isOfGenerated);

export interface ServedDocument {
  readonly directory: string;
  readonly file: string;
  /** A program of the guide in this language, with `word` in it, that calls the server. */
  programIn(language: string, word?: string): Program;
  stop(): Promise<void>;
}

export async function serveDocument(): Promise<ServedDocument> {
  const host = await startHost('server.ts');
  const directory = mkdtempSync(join(tmpdir(), 'generated-'));
  const file = join(directory, 'openapi.json');
  const { text } = await host.request('GET', '/openapi.json');
  writeFileSync(file, text);
  return {
    directory,
    file,
    programIn(language, word = '') {
      const found = programs.find((each) => each.language === language && each.program.includes(word));
      if (found === undefined) throw new Error(`docs/guides/clients.md lacks a program in ${language}.`);
      return { ...found, program: found.program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`) };
    },
    async stop() {
      await host.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
