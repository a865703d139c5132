/** Records as bytes in a few large pieces: as text, thousands of small strings would wait for each write, and age. */

const chunkBytes = 1024 * 1024;
/** Characters of records that are made bytes at once: each call of the encoder costs as much as a short record. */
const encodedLength = 32 * 1024;
/** In UTF-8, of a UTF-16 unit. */
const mostBytesPerUnit = 3;

export interface Chunk {
  readonly buffer: Buffer;
  length: number;
  rows: number;
}

export interface Chunks {
  add(record: string, rows: number): void;
  bytes(): number;
  rows(): number;
  /** The oldest records, to be written; undefined if there are none. */
  first(): Chunk | undefined;
  /** Forgets what `first` gave. */
  removeFirst(): void;
  clear(): void;
}

export function createChunks(): Chunks {
  const waiting: Chunk[] = [];
  let open: Chunk | undefined;
  let spare: Buffer | undefined;
  let text = '';
  let textRows = 0;
  let bytes = 0;
  let rows = 0;

  function roomFor(length: number): Chunk {
    const needed = length * mostBytesPerUnit;
    if (open !== undefined && open.buffer.length - open.length >= needed) return open;
    const isUsual = needed <= chunkBytes;
    const buffer = isUsual && spare !== undefined ? spare : Buffer.allocUnsafeSlow(Math.max(chunkBytes, needed));
    if (buffer === spare) spare = undefined;
    open = { buffer, length: 0, rows: 0 };
    waiting.push(open);
    return open;
  }

  function add(record: string, count: number): void {
    text += record;
    text += '\n';
    textRows += count;
    rows += count;
    if (text.length >= encodedLength) encode();
  }

  function encode(): void {
    if (text === '') return;
    const chunk = roomFor(text.length);
    const written = chunk.buffer.write(text, chunk.length);
    chunk.length += written;
    chunk.rows += textRows;
    bytes += written;
    [text, textRows] = ['', 0];
  }

  function first(): Chunk | undefined {
    encode();
    const [oldest] = waiting;
    // Nothing is added to what is being written.
    if (oldest === open) open = undefined;
    return oldest;
  }

  function removeFirst(): void {
    const removed = waiting.shift();
    if (removed === undefined) return;
    bytes -= removed.length;
    rows -= removed.rows;
    if (removed.buffer.length === chunkBytes) spare = removed.buffer;
  }

  function clear(): void {
    waiting.length = 0;
    open = undefined;
    [text, textRows, bytes, rows] = ['', 0, 0, 0];
  }

  return { add, bytes: () => bytes + text.length, rows: () => rows, first, removeFirst, clear };
}
