/** Records as bytes in a few large pieces: as text, thousands of small strings would wait for each write, and age. */

const chunkBytes = 1024 * 1024;
/** Characters of records that are made bytes at once: each call of the encoder costs as much as a short record. */
const encodedLength = 32 * 1024;
/** In UTF-8, of a UTF-16 unit. */
const mostBytesPerUnit = 3;

/** What is written at once. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** What waits to be written. */
export interface Pending {
  bytes(): number;
  rows(): number;
  /** Makes what is being collected a chunk, however small. */
  seal(): void;
  /** The oldest chunk that is sealed or full; undefined if there is none. */
  first(): Chunk | undefined;
  /** Forgets what `first` gave. */
  removeFirst(): void;
  clear(): void;
}

export interface Chunks extends Pending {
  add(record: string, rows: number): void;
}

/** Bytes that are filled up to `length`. */
interface Piece {
  readonly buffer: Buffer;
  length: number;
  rows: number;
}

export function createChunks(): Chunks {
  const waiting: Piece[] = [];
  let open: Piece | undefined;
  let spare: Buffer | undefined;
  let text = '';
  let textRows = 0;
  let bytes = 0;
  let rows = 0;

  function roomFor(length: number): Piece {
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
    const piece = roomFor(text.length);
    const written = piece.buffer.write(text, piece.length);
    piece.length += written;
    piece.rows += textRows;
    bytes += written;
    [text, textRows] = ['', 0];
  }

  function seal(): void {
    encode();
    open = undefined;
  }

  function first(): Chunk | undefined {
    const [oldest] = waiting;
    if (oldest === open) return undefined;
    return oldest && { bytes: oldest.buffer.subarray(0, oldest.length), rows: oldest.rows };
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

  return { add, bytes: () => bytes + text.length, rows: () => rows, seal, first, removeFirst, clear };
}
