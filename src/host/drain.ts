/** Shuts an instance down on a signal: refuses new requests, answers accepted ones, and exits. */
import type { Server } from 'node:http';
import { flush } from '../telemetry/log/lines';
import { outputWritten } from '../telemetry/log/output';
import { isUnread, readOut } from './arrivals';
import type { Connection } from './client-error';
import type { Handover } from './handover';

export interface DrainOptions {
  /** Called when the signal arrives; requests are refused from then on. */
  readonly onStart: () => void;
  /** Releases resources after the last answer. */
  readonly release: () => Promise<void>;
  /** The connections that speak HTTP/2, on a host that has them. */
  readonly handover?: Handover | undefined;
}

/** Cloud Run kills an instance 10 s after the signal. */
const deadlineMs = 9000;
/** A request whose body has not arrived by then is dropped. */
const bodyDeadlineMs = 6000;
/** New connections are refused with an answer for at least this long, for requests already on their way at the signal. */
const refusingMs = 100;
const sweepMs = 50;

/**
 * Drains the server at SIGTERM or SIGINT and exits 0; at the deadline or a second signal it exits 1.
 *
 * The server keeps listening until every request received before the signal is answered: closing the port at once would
 * reset connections that the kernel has accepted but Node has not seen. It tracks connections, since tracking requests
 * would cost each one time. Node's `closeIdleConnections` also closes connections whose answer is not fully sent.
 */
export function drainOnSignal(server: Server, { onStart, release, handover }: DrainOptions): void {
  const connections = new Set<Connection>();
  const idle = new WeakSet<Connection>();
  let drainStartedAt: number | undefined;

  function forget(this: Connection): void {
    connections.delete(this);
  }

  server.on('connection', (connection: Connection) => {
    connections.add(connection);
    connection.on('close', forget);
  });

  function drain(): void {
    if (drainStartedAt !== undefined) process.exit(1);
    drainStartedAt = performance.now();
    onStart();
    handover?.startDraining();
    const accepted = new Set(connections);
    accepted.forEach(readOut);
    // The kernel may have accepted these before the signal.
    const take = (connection: Connection) => {
      accepted.add(connection);
      readOut(connection);
    };
    server.on('connection', take);
    setImmediate(() => setImmediate(() => server.off('connection', take)));
    setTimeout(() => process.exit(1), deadlineMs).unref();
    const sweep = setInterval(() => {
      const elapsed = performance.now() - (drainStartedAt ?? 0);
      if (elapsed < refusingMs) return;
      for (const connection of connections) closeIdle(connection, elapsed);
      if ([...accepted].some((connection) => connections.has(connection))) return;
      clearInterval(sweep);
      server.close(() => void end().finally(() => process.exit(0)));
      // Leaves a moment for refusals that are still being sent.
      setTimeout(() => connections.forEach((connection) => void connection.destroy()), sweepMs);
    }, sweepMs);
  }

  // A new connection's request may still be on its way, so it closes only when idle twice in a row.
  function closeIdle(connection: Connection, elapsed: number): void {
    if (handover?.isBusy(connection, elapsed < bodyDeadlineMs) ?? isBusy(connection, elapsed)) idle.delete(connection);
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

/** Whether a connection still has a request to answer or an answer to send. */
function isBusy(connection: Connection, elapsed: number): boolean {
  const { _httpMessage: response, writableLength } = connection;
  if (isUnread(connection)) return true;
  if (response === undefined || response === null) return writableLength > 0;
  return response.req.complete || elapsed < bodyDeadlineMs;
}
