/** The header of a CSV file, which each of its parts needs. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Model } from '../../model/model';

const longestHeader = 1024 * 1024;
const newline = 0x0a;

/** The first line with its line break, if one of its cells is the name of a feature; else nothing. */
export function readCsvHeader(path: string, { callersCard: { features } }: Model): Buffer {
  const line = readFirstLine(path);
  const known = new Set(features.map(({ name }) => name));
  const cells = line
    .toString()
    .replace(/^\uFEFF/, '')
    .split(',');
  return cells.some((cell) => known.has(cell.trim().replace(/^"(.*)"$/s, '$1'))) ? line : Buffer.alloc(0);
}

function readFirstLine(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(longestHeader);
    const read = start.subarray(0, readSync(file, start, 0, longestHeader, 0));
    const end = read.indexOf(newline);
    return read.subarray(0, end === -1 ? read.length : end + 1);
  } finally {
    closeSync(file);
  }
}
