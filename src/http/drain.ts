/** The end of an instance: on a signal it takes nothing new, answers what it took, and exits. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface DrainOptions {
  /** Called when the signal arrives: from now on requests are refused. */
  readonly onStart: () => void;
  /** Frees what the process holds, after the last answer. */
  readonly release: () => Promise<void>;
}

/** Cloud Run kills an instance 10 s after the signal. */
const deadlineMs = 9000;
/** A request whose body has not come by then has not been accepted. */
const bodyDeadlineMs = 6000;
/** New connections are told to go elsewhere for so long at least: what was on its way at the signal finds an answer. */
const refusingMs = 100;
const sweepMs = 50;

/**
 * Drains the server at SIGTERM or SIGINT and exits 0; at the deadline or a second signal it exits 1.
 *
 * The server goes on listening until everything that came before the signal is answered: a port that is closed at once
 * would reset the connections that the kernel has accepted and Node has not seen.
 */
export function drainOnSignal(server: Server, { onStart, release }: DrainOptions): void {
  const accepted = new Set<ServerResponse>();
  let drainsSince: number | undefined;

  function forget(this: ServerResponse): void {
    accepted.delete(this);
  }

  server.on('request', (_incoming: IncomingMessage, response: ServerResponse) => {
    if (drainsSince !== undefined) return;
    accepted.add(response);
    response.on('close', forget);
  });

  function drain(): void {
    if (drainsSince !== undefined) process.exit(1);
    drainsSince = performance.now();
    onStart();
    setTimeout(() => process.exit(1), deadlineMs).unref();
    setTimeout(dropUnfinished, bodyDeadlineMs).unref();
    const sweep = setInterval(() => {
      // A connection that was busy when the signal came is idle after its answer.
      server.closeIdleConnections();
      // An answer that waits behind others on its connection is not told when that has closed.
      for (const response of accepted) if (response.req.socket.destroyed) accepted.delete(response);
      if (accepted.size > 0 || performance.now() - (drainsSince ?? 0) < refusingMs) return;
      clearInterval(sweep);
      finish();
    }, sweepMs);
    server.closeIdleConnections();
  }

  function dropUnfinished(): void {
    for (const { req } of accepted) if (!req.complete) req.destroy();
  }

  function finish(): void {
    server.close(() => void release().finally(() => process.exit(0)));
    // Connections that have sent nothing are not idle to Node; refusals that are on their way have a moment left.
    setTimeout(() => server.closeAllConnections(), sweepMs);
  }

  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}
