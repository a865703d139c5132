/** The end of an instance: on a signal it takes nothing new, answers what it took, and exits. */
import type { Server } from 'node:http';
import { flush } from '../telemetry/log/lines';
import { outputWritten } from '../telemetry/log/output';
import { isUnread, readOut } from './arrivals';
import type { Connection } from './client-error';

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
 * would reset the connections that the kernel has accepted and Node has not seen. Connections are watched and not
 * requests, which would cost each of them. Node's `closeIdleConnections` would do the same, but it closes those whose
 * answer has been made and is not out yet.
 */
export function drainOnSignal(server: Server, { onStart, release }: DrainOptions): void {
  const connections = new Set<Connection>();
  const idle = new WeakSet<Connection>();
  let drainsSince: number | undefined;

  function forget(this: Connection): void {
    connections.delete(this);
  }

  server.on('connection', (connection: Connection) => {
    connections.add(connection);
    connection.on('close', forget);
  });

  function drain(): void {
    if (drainsSince !== undefined) process.exit(1);
    drainsSince = performance.now();
    onStart();
    const accepted = new Set(connections);
    accepted.forEach(readOut);
    // Of those that the kernel has taken before the signal.
    const take = (connection: Connection) => {
      accepted.add(connection);
      readOut(connection);
    };
    server.on('connection', take);
    setImmediate(() => setImmediate(() => server.off('connection', take)));
    setTimeout(() => process.exit(1), deadlineMs).unref();
    const sweep = setInterval(() => {
      const elapsed = performance.now() - (drainsSince ?? 0);
      if (elapsed < refusingMs) return;
      for (const connection of connections) closeIdle(connection, elapsed);
      if ([...accepted].some((connection) => connections.has(connection))) return;
      clearInterval(sweep);
      server.close(() => void end().finally(() => process.exit(0)));
      // Refusals of newcomers that are on their way have a moment left.
      setTimeout(() => server.closeAllConnections(), sweepMs);
    }, sweepMs);
  }

  // A newcomer's request may be on its way when its connection is seen first.
  function closeIdle(connection: Connection, elapsed: number): void {
    if (isWaitedFor(connection, elapsed)) idle.delete(connection);
    else if (idle.has(connection)) connection.destroy();
    else idle.add(connection);
  }

  async function end(): Promise<void> {
    await release();
    flush();
    await outputWritten(process.stdout);
  }

  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

/** Whether a request of a connection is to be answered yet, or its answer is on its way. */
function isWaitedFor(connection: Connection, elapsed: number): boolean {
  const { _httpMessage: response, writableLength } = connection;
  if (isUnread(connection)) return true;
  if (response === undefined || response === null) return writableLength > 0;
  return response.req.complete || elapsed < bodyDeadlineMs;
}
