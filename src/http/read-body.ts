/** Collects the bytes of a request body, up to a limit. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../problem';
import { type BodyBudget, uncountedBytes } from './body-budget';

export const noBody = Buffer.alloc(0);

/**
 * Bytes beyond the limit that are read and thrown away before the refusal is sent.
 *
 * A caller that is still sending when its connection closes sees a broken pipe and not the answer. Cloud Run lets no
 * longer request through over HTTP/1 than this.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

/**
 * Calls `done` once: with the body, or with the problem that it is too large or that others have taken the memory; never
 * when the caller goes away before the end. What a long body takes of the budget is given back when the request is over.
 */
export function readBody(
  incoming: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
  budget: BodyBudget,
  done: (outcome: Buffer | Problem) => void,
): void {
  const { 'content-length': announced, 'transfer-encoding': chunked } = incoming.headers;
  if (announced === undefined && chunked === undefined) return done(noBody);

  const mostBytes = maxBodyBytes + maxDiscardedBytes;
  if (Number(announced) > mostBytes) return done(bodyTooLarge(maxBodyBytes));
  let chunks: Buffer[] = [];
  let size = 0;
  let reserved = 0;
  let refusal: Problem | undefined;

  function take(chunk: Buffer): void {
    size += chunk.length;
    if (size > maxBodyBytes) refusal ??= bodyTooLarge(maxBodyBytes);
    else if (size > uncountedBytes) reserve(size - reserved);
    if (refusal === undefined) chunks.push(chunk);
    else chunks = [];
    if (size > mostBytes) finish();
  }

  function reserve(bytes: number): void {
    if (refusal !== undefined) return;
    if (!budget.take(bytes)) {
      refusal = budgetSpent(budget);
      return;
    }
    if (reserved === 0) response.once('close', () => budget.give(reserved));
    reserved += bytes;
  }

  function finish(): void {
    incoming.off('data', take).off('end', finish);
    done(refusal ?? (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
  }

  incoming.on('data', take).on('end', finish);
}

function budgetSpent({ maxBytes }: BodyBudget): Problem {
  const detail = `The bodies of other requests are using the memory: at most ${maxBytes} bytes are read at once.`;
  return new Problem('overloaded', detail, { headers: ['retry-after', '1'] });
}

export function bodyTooLarge(maxBodyBytes: number): Problem {
  const detail = `Expected a body of at most ${maxBodyBytes} bytes, after decompression.`;
  return new Problem('body-too-large', detail, { headers: ['connection', 'close'] });
}
