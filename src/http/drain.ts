/** The end of an instance: on a signal it takes nothing new, answers what it took, and exits. */
import type { Server } from 'node:http';

export interface DrainOptions {
  /** Called when the signal arrives, before anything closes. */
  readonly onStart: () => void;
  /** Frees what the process holds, after the last answer. */
  readonly release: () => Promise<void>;
}

/** Cloud Run kills an instance 10 s after the signal. */
const deadlineMs = 9000;
const sweepMs = 50;

/** Drains the server at SIGTERM or SIGINT and exits 0; at the deadline or a second signal it exits 1. */
export function drainOnSignal(server: Server, { onStart, release }: DrainOptions): void {
  let isDraining = false;

  function drain(): void {
    if (isDraining) process.exit(1);
    isDraining = true;
    onStart();
    setTimeout(() => process.exit(1), deadlineMs).unref();
    // A connection that was busy when the signal came is idle after its answer: it is closed by the next sweep.
    setInterval(() => server.closeIdleConnections(), sweepMs).unref();
    server.close(() => void release().finally(() => process.exit(0)));
    server.closeIdleConnections();
  }

  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}
