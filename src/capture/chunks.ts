/** Records as bytes in a few large pieces: as text, thousands of small strings would wait for each write, and age. */

const chunkBytes = 256 * 1024;
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
  let bytes = 0;
  let rows = 0;

  function roomFor(length: number): Chunk {
    const needed = length * mostBytesPerUnit + 1;
    if (open !== undefined && open.buffer.length - open.length >= needed) return open;
    const isUsual = needed <= chunkBytes;
    const buffer = isUsual && spare !== undefined ? spare : Buffer.allocUnsafeSlow(Math.max(chunkBytes, needed));
    if (buffer === spare) spare = undefined;
    open = { buffer, length: 0, rows: 0 };
    waiting.push(open);
    return open;
  }

  function add(record: string, count: number): void {
    const chunk = roomFor(record.length);
    const written = chunk.buffer.write(record, chunk.length) + 1;
    chunk.length += written;
    chunk.buffer[chunk.length - 1] = 0x0a;
    chunk.rows += count;
    bytes += written;
    rows += count;
  }

  function first(): Chunk | undefined {
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
    [bytes, rows] = [0, 0];
  }

  return { add, bytes: () => bytes, rows: () => rows, first, removeFirst, clear };
}
