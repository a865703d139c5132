/** Collects the bytes of a request body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { connectionClose, HttpProblem } from '../http/http-problem';
import { Problem } from '../problem';
import { type BodyBudget, type Holder, uncountedBytes } from './body-budget';
import { createChunks } from './chunks';

export const noBody = Buffer.alloc(0);

/**
 * Bytes beyond the limit that are read and thrown away before the refusal is sent.
 *
 * A caller that is still sending when its connection closes sees a broken pipe and not the answer. Cloud Run lets no
 * longer request through over HTTP/1 than this.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** What is left for this body and others. */
  readonly budget: BodyBudget;
}

/**
 * The body, held by `holder` where it is long; undefined when the caller goes away before its end.
 *
 * Throws the problem that it is too large, or that others have taken the memory.
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
  // What has come with the head, as most short bodies do, is taken at once: listeners would cost a tenth of such a request.
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
  const mostBytes = maxBodyBytes + maxDiscardedBytes;

  return new Promise((resolve, reject) => {
    let chunks = createChunks();
    let size = 0;
    let refusal: Problem | undefined;

    function take(chunk: Buffer): void {
      size += chunk.length;
      refusal ??= findRefusal();
      if (refusal === undefined) chunks.add(chunk);
      else drop();
      if (size > mostBytes) finish();
    }

    function findRefusal(): Problem | undefined {
      if (size > maxBodyBytes) return bodyTooLarge(maxBodyBytes);
      return size <= uncountedBytes || budget.hold(holder, size) ? undefined : budgetSpent(budget);
    }

    // Others may have the room at once: of many that come together, as many as fit are read.
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

function budgetSpent({ maxBytes }: BodyBudget): Problem {
  const detail = `Other requests and their answers are using the memory: at most ${maxBytes} bytes are kept at once.`;
  return new Problem('overloaded', detail, { retryAfterSeconds: 1 });
}

export function bodyTooLarge(maxBodyBytes: number): Problem {
  const detail = `Expected a body of at most ${maxBodyBytes} bytes, after decompression.`;
  return new HttpProblem('body-too-large', detail, { headers: connectionClose });
}
