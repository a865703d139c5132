/** Lines of text that wait to be written, as bytes: thousands of small strings would wait for each write, and age. */
import { createPieces, type Pending } from './pieces';

/** Characters of records that are made bytes at once: each call of the encoder costs as much as a short record. */
const encodedLength = 32 * 1024;
/** In UTF-8, of a UTF-16 unit. */
const mostBytesPerUnit = 3;

export interface Lines extends Pending {
  /** A line, or several with a line break between them, of so many rows. */
  add(record: string, rows: number): void;
}

export function createLines(): Lines {
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

  return {
    ...pieces,
    add,
    bytes: () => pieces.bytes() + text.length,
    rows: () => pieces.rows() + textRows,
    seal() {
      encode();
      pieces.seal();
    },
    clear() {
      [text, textRows] = ['', 0];
      pieces.clear();
    },
  };
}
