/** Turns the places of a deploy's bundles in a stack, from standard input, into those of the sources. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { readOptions, runCommand } from '../command-line.cjs';
import { bundles, mapBundle } from './bundles';
import { dist, root } from './paths';

/** The bundle's name, the line and the column, as V8 writes them. */
const place = /[^\s()]*\/dist\/([\w./-]+):(\d+):(\d+)/g;

async function resolveStack(stack: string): Promise<string> {
  const maps = new Map<string, SourceMap>();
  for (const [, name = ''] of stack.matchAll(place)) {
    const bundle = Object.values(bundles).find((each) => each === name);
    if (bundle !== undefined && !maps.has(name)) maps.set(name, new SourceMap(await mapBundle(bundle)));
  }
  return stack.replace(place, (text, name, line, column) => {
    const entry = maps.get(name)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return text;
    const source = relative(root, join(dist, dirname(name), entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

void runCommand(async () => {
  readOptions({});
  process.stdout.write(await resolveStack(readFileSync(0, 'utf8')));
});
