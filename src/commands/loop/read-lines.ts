/** The lines of a file, as text. One that is too long is told and not held in memory. */
import { createReadStream } from 'node:fs';

/** Twice what a server writes into one record. */
export const longestLine = 8 * 1024 * 1024;
const newline = 0x0a;

/** Gives undefined for a line of more than `most` bytes; empty lines are left out. */
export async function* readLines(path: string, most = longestLine): AsyncGenerator<string | undefined> {
  let kept: Buffer[] = [];
  let length = 0;

  function take(rest: Buffer): string | undefined {
    const isTooLong = length + rest.length > most;
    const line = isTooLong ? undefined : Buffer.concat([...kept, rest]).toString('utf8');
    [kept, length] = [[], 0];
    return line;
  }

  function keep(rest: Buffer): void {
    length += rest.length;
    if (length <= most) kept.push(rest);
    else kept = [];
  }

  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, start)) {
      const line = take(piece.subarray(start, end));
      if (line !== '') yield line;
      start = end + 1;
    }
    keep(piece.subarray(start));
  }
  const last = take(Buffer.alloc(0));
  if (last !== '') yield last;
}
