/** Collects the chunks of a body in about its own size: a million one-byte buffers would take a hundred times that. */

/** Chunks of at least this size are kept without copying. */
const blockBytes = 8 * 1024;

export interface Chunks {
  add(chunk: Buffer): void;
  /** All chunks as one buffer; a single chunk is not copied. */
  join(): Buffer;
}

export function createChunks(): Chunks {
  const blocks: Buffer[] = [];
  let block: Buffer | undefined;
  let used = 0;

  function add(chunk: Buffer): void {
    // Most bodies have only one chunk.
    if (blocks.length === 0 || chunk.length >= blockBytes) {
      cut();
      blocks.push(chunk);
      return;
    }
    if (used + chunk.length > (block?.length ?? 0)) cut();
    block ??= Buffer.allocUnsafe(Math.max(blockBytes, chunk.length));
    used += chunk.copy(block, used);
  }

  function cut(): void {
    if (block !== undefined) blocks.push(block.subarray(0, used));
    block = undefined;
    used = 0;
  }

  function join(): Buffer {
    cut();
    return blocks.length === 1 ? (blocks[0] as Buffer) : Buffer.concat(blocks);
  }

  return { add, join };
}
