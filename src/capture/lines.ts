/** Lines of text that wait to be written, as bytes: thousands of small strings would wait for each write, and age. */
import { createPieces, type Pending } from './pieces';
import type { RowLines } from './row-lines';

/** Characters of records that are made bytes at once: each call of the encoder costs as much as a short record. */
const encodedLength = 32 * 1024;
/** In UTF-8, of a UTF-16 unit. */
const mostBytesPerUnit = 3;

export interface Lines extends Pending {
  /** A line, or several with a line break between them, of so many rows. */
  add(record: string, rows: number): void;
  /** Counts rows that wait to become lines among those, and writes them before it is sealed. */
  hold(rows: RowLines): void;
  /** Writes the lines of all rows that wait. */
  flush(): void;
}

export function createLines(): Lines {
  const held: RowLines[] = [];
  const pieces = createPieces();
  let text = '';
  let textRows = 0;

  function add(record: string, rows: number): void {
    text += record;
    text += '\n';
    textRows += rows;
    if (text.length >= encodedLength) encode();
  }

  function encode(): void {
    if (text === '') return;
    pieces.add(text.length * mostBytesPerUnit, textRows, (buffer, at) => buffer.write(text, at));
    [text, textRows] = ['', 0];
  }

  function flush(): void {
    for (const rows of held) rows.flush();
  }

  return {
    ...pieces,
    add,
    hold: (rows) => void held.push(rows),
    flush,
    bytes: () => held.reduce((sum, each) => sum + each.bytes(), pieces.bytes() + text.length),
    rows: () => held.reduce((sum, each) => sum + each.rows(), pieces.rows() + textRows),
    seal() {
      flush();
      encode();
      pieces.seal();
    },
    clear() {
      [text, textRows] = ['', 0];
      for (const rows of held) rows.clear();
      pieces.clear();
    },
  };
}
