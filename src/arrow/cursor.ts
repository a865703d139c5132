/** Hands out the buffers of a record batch in the order of its columns. */
import { MalformedArrow } from './malformed';
import type { Batch } from './stream';

export type Cursor = ReturnType<typeof createCursor>;

export function createCursor(batch: Batch) {
  const [nodes, buffers, textBuffers] = [batch.nodes(), batch.buffers(), batch.textBuffers()];
  let [node, buffer, view] = [0, 0, 0];
  const short = () => new MalformedArrow('it has a batch with too few buffers for its columns');

  function takeBuffer(): Buffer {
    const next = buffers[buffer++];
    if (next === undefined) throw short();
    return next;
  }

  return {
    takeBuffer,
    takeNode(): readonly [number, number] {
      const next = nodes[node++];
      if (next === undefined) throw short();
      return next;
    },
    takeTexts(): readonly Buffer[] {
      const count = textBuffers[view++] ?? 0;
      if (count > buffers.length) throw short();
      return Array.from({ length: count }, takeBuffer);
    },
    bytes: buffers.reduce((sum, { length }) => sum + length, 0),
  };
}

export function requireBytes(buffer: Buffer, bytes: number): Buffer {
  if (!(buffer.length >= bytes))
    throw new MalformedArrow(`it has a buffer of ${buffer.length} bytes: expected at least ${bytes}`);
  return buffer;
}
