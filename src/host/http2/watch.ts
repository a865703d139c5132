/** Gives up what clients leave unfinished: connections without settings, requests in part, answers unread. */
import { constants } from 'node:http2';
import type { Connection, Exchange } from './connection';

export interface Watch {
  /** Begins to look, until there is no connection. */
  start(): void;
}

/** How long a client may take from the preface to its settings. */
const settingsMs = 10_000;
const checkingIntervalMs = 5000;
/** As long as HTTP/1.1 keeps an idle connection. */
const idleTimeoutMs = 620_000;

export function createWatch(
  connections: ReadonlySet<Connection>,
  { clientTimeoutMs }: { readonly clientTimeoutMs: number },
): Watch {
  let timer: NodeJS.Timeout | undefined;

  function sweep(): void {
    const now = performance.now();
    for (const connection of connections) {
      lookAt(connection, now);
      for (const exchange of connection.exchanges) look(connection, exchange, now);
    }
    if (connections.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function lookAt(connection: Connection, now: number): void {
    const { session, socket, exchanges, isOpen, openedAt, usedAt } = connection;
    if (!isOpen && now - openedAt >= Math.min(settingsMs, clientTimeoutMs)) socket.destroy();
    if (exchanges.size > 0) connection.usedAt = now;
    else if (now - usedAt >= idleTimeoutMs) session.close();
  }

  function look({ socket }: Connection, { stream, startedAt, isReceived, hasLongAnswer }: Exchange, now: number): void {
    const age = now - startedAt;
    if (age < clientTimeoutMs) return;
    // An answer is not late while the model works on it, nor once it is sent.
    if (isReceived && (!stream.headersSent || stream.writableFinished)) return;
    // Of a long one, the stream itself sees whether it is read.
    if (isReceived && hasLongAnswer && !stream.closed) return;
    // Even the reset of the stream was not read.
    if (age >= 2 * clientTimeoutMs) socket.destroy();
    else if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  }

  return {
    start: () => {
      timer ??= setInterval(sweep, Math.min(checkingIntervalMs, clientTimeoutMs / 2)).unref();
    },
  };
}
