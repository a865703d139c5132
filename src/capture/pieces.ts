/** Bytes that wait to be written, in a few large pieces that are used again: many small buffers would fragment memory. */

const pieceBytes = 1024 * 1024;

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

export interface Pieces extends Pending {
  /** Adds rows of at most so many bytes, which `write` puts into the buffer; it returns how many there were. */
  add(mostBytes: number, rows: number, write: (buffer: Buffer, at: number) => number): void;
}

interface Piece {
  readonly buffer: Buffer;
  length: number;
  rows: number;
}

export function createPieces(): Pieces {
  const waiting: Piece[] = [];
  let open: Piece | undefined;
  let spare: Buffer | undefined;
  let bytes = 0;
  let rows = 0;

  function pieceFor(needed: number): Piece {
    if (open !== undefined && open.buffer.length - open.length >= needed) return open;
    const isUsual = needed <= pieceBytes;
    const buffer = isUsual && spare !== undefined ? spare : Buffer.allocUnsafeSlow(Math.max(pieceBytes, needed));
    if (buffer === spare) spare = undefined;
    open = { buffer, length: 0, rows: 0 };
    waiting.push(open);
    return open;
  }

  return {
    add(mostBytes, count, write) {
      const piece = pieceFor(mostBytes);
      const written = write(piece.buffer, piece.length);
      piece.length += written;
      piece.rows += count;
      bytes += written;
      rows += count;
    },
    bytes: () => bytes,
    rows: () => rows,
    seal() {
      open = undefined;
    },
    first() {
      const [oldest] = waiting;
      if (oldest === open) return undefined;
      return oldest && { bytes: oldest.buffer.subarray(0, oldest.length), rows: oldest.rows };
    },
    removeFirst() {
      const removed = waiting.shift();
      if (removed === undefined) return;
      bytes -= removed.length;
      rows -= removed.rows;
      if (removed.buffer.length === pieceBytes) spare = removed.buffer;
    },
    clear() {
      waiting.length = 0;
      open = undefined;
      [bytes, rows] = [0, 0];
    },
  };
}
