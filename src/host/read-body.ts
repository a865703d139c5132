/** Collects the bytes of a request body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { connectionClose, HttpProblem } from '../http/http-problem';
import { Problem } from '../problem';
import { type BodyBudget, type Holder, uncountedBytes } from './body-budget';
import { createChunks } from './chunks';

export const noBody = Buffer.alloc(0);

/**
 * Bytes beyond the limit that are read and discarded before the refusal is sent.
 *
 * A caller still sending when its connection closes sees a broken pipe instead of the answer. Cloud Run's limit for
 * HTTP/1 requests is the same.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** Memory shared by all bodies. */
  readonly budget: BodyBudget;
}

/**
 * The body, counted for `holder` if it is long; undefined if the caller disconnects first.
 *
 * Throws a problem if it is too large or other bodies have used up the memory.
 */
export function readBody(
  incoming: IncomingMessage,
  holder: Holder,
  limits: BodyLimits,
): Buffer | Promise<Buffer | undefined> {
  const { 'content-length': announced, 'transfer-encoding': chunked } = incoming.headers;
  if (announced === undefined && chunked === undefined) return noBody;
  const { maxBodyBytes } = limits;
  const length = Number(announced);
  if (length > maxBodyBytes + maxDiscardedBytes) throw bodyTooLarge(maxBodyBytes);
  // Most short bodies arrive with the head and are read at once: listeners would cost a tenth of such a request.
  const { readableLength } = incoming;
  if (readableLength === length && readableLength <= Math.min(uncountedBytes, maxBodyBytes))
    return incoming.read() ?? noBody;
  return collect(incoming, holder, limits);
}

function collect(
  incoming: IncomingMessage,
  holder: Holder,
  { maxBodyBytes, budget }: BodyLimits,
): Promise<Buffer | undefined> {
  const maxReadBytes = maxBodyBytes + maxDiscardedBytes;

  return new Promise((resolve, reject) => {
    let chunks = createChunks();
    let size = 0;
    let refusal: Problem | undefined;

    function take(chunk: Buffer): void {
      size += chunk.length;
      refusal ??= findRefusal();
      if (refusal === undefined) chunks.add(chunk);
      else drop();
      if (size > maxReadBytes) finish();
    }

    function findRefusal(): Problem | undefined {
      if (size > maxBodyBytes) return bodyTooLarge(maxBodyBytes);
      return size <= uncountedBytes || budget.hold(holder, size) ? undefined : budgetSpent(budget);
    }

    // Frees the memory at once, so that as many concurrent bodies as fit are read.
    function drop(): void {
      chunks = createChunks();
      budget.release(holder);
    }

    function finish(): void {
      incoming.off('data', take).off('end', finish).off('close', leave);
      if (refusal === undefined) resolve(chunks.join());
      else reject(refusal);
    }

    function leave(): void {
      resolve(undefined);
    }

    incoming.on('data', take).on('end', finish).on('close', leave);
  });
}

export function budgetSpent({ maxBytes }: BodyBudget): Problem {
  const detail = `Other requests are using the memory for bodies and answers (limit ${maxBytes} bytes). Retry in 1 s.`;
  return new Problem('overloaded', detail, { retryAfterSeconds: 1 });
}

export function bodyTooLarge(maxBodyBytes: number): Problem {
  const detail = `Expected a body of at most ${maxBodyBytes} bytes after decompression, got more.`;
  return new HttpProblem('body-too-large', detail, { headers: connectionClose });
}
