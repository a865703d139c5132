/** Inflates bodies, and lets the long ones wait for their turn. */
import { Problem } from '../problem';
import type { Holder } from './body-budget';
import { inflateBody } from './inflate';
import type { Place, SerialQueue } from './serial-queue';

/** What a request holds and must release on every path: memory for its body, and its place among long bodies. */
export interface Holdings extends Holder {
  place: Place | undefined;
}

/** Whoever sent a body. */
export interface Sender {
  isGone(): boolean;
  /** Calls back once, when its request is over or it has disconnected. */
  onEnd(callback: () => void): void;
  /** Called when the body begins to wait. */
  waits?(): void;
}

export interface BodyOptions {
  readonly maxBodyBytes: number;
  /** How long a long body may wait for its turn. */
  readonly requestTimeoutMs: number;
}

/** Bodies of at least this size are handled one at a time. */
export const longBytes = 256 * 1024;

export interface LongBodies {
  /** Throws if the sender disconnects, or if the turn comes too late. */
  waitForTurn(sender: Sender, holdings: Holdings): Promise<void>;
  /** Waits for the turn of a body that turns out to be long. */
  inflate(body: Buffer, coding: string, sender: Sender, holdings: Holdings): Promise<Buffer>;
}

export function createLongBodies(queue: SerialQueue, { maxBodyBytes, requestTimeoutMs }: BodyOptions): LongBodies {
  async function waitForTurn(sender: Sender, holdings: Holdings): Promise<void> {
    const expiresAt = performance.now() + requestTimeoutMs;
    const place = queue.enter();
    holdings.place = place;
    sender.waits?.();
    await Promise.race([place.turn, new Promise<void>((resolve) => sender.onEnd(resolve))]);
    if (sender.isGone()) throw new Problem('caller-gone', 'The caller closed the connection.');
    if (performance.now() > expiresAt) throw waitedTooLong(requestTimeoutMs);
  }

  async function inflate(body: Buffer, coding: string, sender: Sender, holdings: Holdings): Promise<Buffer> {
    const gone = new AbortController();
    sender.onEnd(() => gone.abort());
    const shortBytes = Math.min(longBytes, maxBodyBytes);
    try {
      return await inflateBody(body, coding, shortBytes, gone.signal);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.type === 'body-too-large')) throw failure;
    }
    await waitForTurn(sender, holdings);
    return inflateBody(body, coding, maxBodyBytes, gone.signal);
  }

  return { waitForTurn, inflate };
}

function waitedTooLong(requestTimeoutMs: number): Problem {
  const detail = `The request waited longer than ${requestTimeoutMs} ms behind other long requests. Retry in 1 s.`;
  return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
}
