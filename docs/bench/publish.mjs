/** Puts the report into its document, and the figures that decide into the README, each between its markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './contenders.mjs';

const documents = [
  { file: 'docs/explanation/benchmarks.md', name: 'bench', part: 'report' },
  { file: 'README.md', name: 'figures', part: 'summary' },
];

/** @throws an error that names the document whose markers are missing; then nothing is written */
export function publish(parts) {
  const written = documents.map(({ file, name, part }) => {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    const [startMarker, endMarker] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
    const [start, end] = [text.indexOf(startMarker), text.indexOf(endMarker)];
    if (start < 0 || end < start) throw new Error(`${file}: expected ${startMarker} before ${endMarker}.`);
    return { path, text: `${text.slice(0, start + startMarker.length)}\n${parts[part]}\n${text.slice(end)}` };
  });
  for (const { path, text } of written) writeFileSync(path, text);
}
