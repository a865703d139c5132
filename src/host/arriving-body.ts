/** A body that is answered while it arrives: it is read only as fast as its pieces are taken. */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ArrivingBody } from '../http/message';
import { Problem } from '../problem';
import { type BodyBudget, type Holder, uncountedBytes } from './body-budget';
import { budgetSpent } from './read-body';

export interface ArrivingOptions {
  readonly maxBodyBytes: number;
  /** How long the caller may take to send what makes a part. */
  readonly clientTimeoutMs: number;
  readonly budget: BodyBudget;
  readonly holder: Holder;
  isComplete(): boolean;
  /** Whether the caller has left: its stream may look as if it had ended. */
  isCut(): boolean;
  /** What an error of the source means. */
  toProblem?(failure: Error): Problem;
}

const callerGone = () => new Problem('caller-gone', 'The caller closed the connection.');

export function createArrivingBody(source: Readable, options: ArrivingOptions): ArrivingBody {
  const { maxBodyBytes, clientTimeoutMs, budget, holder, isCut, isComplete, toProblem = callerGone } = options;
  let readBytes = 0;
  let hasEnded = false;
  let failure: Problem | undefined;
  /** Time that the caller has taken for the part that it sends. */
  let waitedMs = 0;
  let wake: () => void = () => undefined;

  function end(): void {
    hasEnded = true;
    if (isCut()) fail(callerGone());
    wake();
  }

  function fail(problem: Problem): void {
    failure ??= problem;
    wake();
  }

  const leave = () => void (hasEnded || fail(callerGone()));

  source.on('readable', () => wake());
  source.on('end', end);
  source.on('error', (error) => fail(isCut() ? callerGone() : toProblem(error)));
  source.on('close', leave);

  function waitForMore(): Promise<void> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => fail(tooSlow(clientTimeoutMs)), clientTimeoutMs - waitedMs);
      wake = () => {
        clearTimeout(timer);
        waitedMs += performance.now() - startedAt;
        wake = () => undefined;
        resolve();
      };
    });
  }

  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      if (failure !== undefined) throw failure;
      const piece = source.read() as Buffer | null;
      if (piece === null && hasEnded) return;
      if (piece === null) await waitForMore();
      else {
        readBytes += piece.length;
        yield piece;
      }
    }
  }

  return {
    maxPartBytes: maxBodyBytes,
    [Symbol.asyncIterator]: pieces,
    keep(bytes) {
      // A share only grows: a table whose parts have had room goes on.
      if (bytes <= Math.max(uncountedBytes, holder.heldBytes) || budget.hold(holder, bytes)) return;
      throw budgetSpent(budget);
    },
    progressed: () => {
      waitedMs = 0;
    },
    isComplete,
    readBytes: () => readBytes,
  };
}

function tooSlow(clientTimeoutMs: number): Problem {
  const detail = `Expected the next rows within ${clientTimeoutMs} ms, got only a part of them.`;
  return new Problem('request-timeout', detail);
}

const arrivingOn = new WeakSet<Socket>();

/** Notes that a connection has such a body, whose time is not that of other requests. */
export function noteArriving(connection: Socket): void {
  arrivingOn.add(connection);
}

export function forgetArriving(connection: Socket): void {
  arrivingOn.delete(connection);
}

export function hasArriving(connection: Socket): boolean {
  return arrivingOn.has(connection);
}
