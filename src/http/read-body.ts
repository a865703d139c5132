/** Collects the bytes of a request body, up to a limit. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../problem';
import { type BodyBudget, uncountedBytes } from './body-budget';
import { onceOver } from './over';

export const noBody = Buffer.alloc(0);

/** For requests that have taken nothing. */
export const takeNothing = () => undefined;

/**
 * Bytes beyond the limit that are read and thrown away before the refusal is sent.
 *
 * A caller that is still sending when its connection closes sees a broken pipe and not the answer. Cloud Run lets no
 * longer request through over HTTP/1 than this.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

/**
 * Calls `done` once: with the body, or with the problem that it is too large or that others have taken the memory; never
 * when the caller goes away before the end.
 *
 * Returns the function that gives back what a long body has taken of the budget. It is to be called before the answer is
 * written, so that the caller's next body finds the room; a connection that closes without an answer calls it, too.
 */
export function readBody(
  incoming: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
  budget: BodyBudget,
  done: (outcome: Buffer | Problem) => void,
): () => void {
  const { 'content-length': announced, 'transfer-encoding': chunked } = incoming.headers;
  if (announced === undefined && chunked === undefined) {
    done(noBody);
    return takeNothing;
  }
  const mostBytes = maxBodyBytes + maxDiscardedBytes;
  if (Number(announced) > mostBytes) {
    done(bodyTooLarge(maxBodyBytes));
    return takeNothing;
  }
  let chunks: Buffer[] = [];
  let size = 0;
  let reserved = 0;
  let refusal: Problem | undefined;

  function take(chunk: Buffer): void {
    size += chunk.length;
    if (refusal === undefined) refusal = size > maxBodyBytes ? bodyTooLarge(maxBodyBytes) : reserve();
    if (refusal === undefined) chunks.push(chunk);
    else drop();
    if (size > mostBytes) finish();
  }

  function reserve(): Problem | undefined {
    if (size <= uncountedBytes) return undefined;
    if (!budget.take(size - reserved)) return budgetSpent(budget);
    if (reserved === 0) onceOver(response, release);
    reserved = size;
    return undefined;
  }

  // Others may have the room at once: of many that come together, as many as fit are read.
  function drop(): void {
    chunks = [];
    release();
  }

  function release(): void {
    budget.give(reserved);
    reserved = 0;
  }

  function finish(): void {
    incoming.off('data', take).off('end', finish);
    done(refusal ?? (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
  }

  incoming.on('data', take).on('end', finish);
  return release;
}

function budgetSpent({ maxBytes }: BodyBudget): Problem {
  const detail = `Other requests and their answers are using the memory: at most ${maxBytes} bytes are kept at once.`;
  return new Problem('overloaded', detail, { headers: ['retry-after', '1'] });
}

export function bodyTooLarge(maxBodyBytes: number): Problem {
  const detail = `Expected a body of at most ${maxBodyBytes} bytes, after decompression.`;
  return new Problem('body-too-large', detail, { headers: ['connection', 'close'] });
}
