/** Puts the report between the markers of the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './contenders.mjs';

const file = join(root, 'README.md');
const startMarker = '<!-- bench:start -->';
const endMarker = '<!-- bench:end -->';

/** @returns {boolean} false when the README has no markers to write between */
export function writeIntoReadme(report) {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(startMarker);
  const end = text.indexOf(endMarker);
  if (start < 0 || end < start) return false;
  writeFileSync(file, `${text.slice(0, start + startMarker.length)}\n${report}\n${text.slice(end)}`);
  return true;
}
