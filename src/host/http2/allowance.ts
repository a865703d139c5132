/** Limits the frames that a client sends to control a connection: each makes the server answer at once. */
import { constants, type ServerHttp2Session } from 'node:http2';

/** Clients that measure their bandwidth ping with every few frames of an answer. */
const burst = 2000;
const perMs = 0.5;
/** A request that began costs more than a frame. */
const framesOfReset = 4;

export interface Allowance {
  /** Counts a frame. Closes the connection of a client that sends too many. */
  take(): void;
  /** Counts a request that its client has reset. */
  takeReset(): void;
}

export function createAllowance(session: Pick<ServerHttp2Session, 'destroy'>): Allowance {
  let left = burst;
  let since = performance.now();

  function spend(frames: number): void {
    const now = performance.now();
    left = Math.min(burst, left + (now - since) * perMs) - frames;
    since = now;
    if (left < 0) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  return { take: () => spend(1), takeReset: () => spend(framesOfReset) };
}
