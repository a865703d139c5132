/** Collects the bytes of a stream, up to a limit. Nothing is read beyond it: a stream can be reset behind its answer. */
import type { ServerHttp2Stream } from 'node:http2';
import { type Holder, uncountedBytes } from '../body-budget';
import { type Chunks, createChunks } from '../chunks';
import { type BodyLimits, bodyTooLarge, budgetSpent } from '../read-body';

/** The bytes, counted for `holder` if they are many; undefined if the stream is reset first. Rejects with a problem. */
export function readStream(
  stream: ServerHttp2Stream,
  holder: Holder,
  { maxBodyBytes, budget }: BodyLimits,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    // Most bodies come in one chunk.
    let first: Buffer | undefined;
    let chunks: Chunks | undefined;
    let size = 0;

    function take(chunk: Buffer): void {
      size += chunk.length;
      if (size > maxBodyBytes) return refuse(bodyTooLarge(maxBodyBytes));
      if (size > uncountedBytes && !budget.hold(holder, size)) return refuse(budgetSpent(budget));
      if (first === undefined) {
        first = chunk;
        return;
      }
      if (chunks === undefined) {
        chunks = createChunks();
        chunks.add(first);
      }
      chunks.add(chunk);
    }

    function refuse(problem: Error): void {
      stream.off('data', take);
      budget.release(holder);
      [first, chunks] = [undefined, undefined];
      reject(problem);
    }

    stream.on('data', take);
    stream.on('end', () => resolve(chunks?.join() ?? first ?? Buffer.alloc(0)));
    stream.on('close', () => resolve(undefined));
  });
}
