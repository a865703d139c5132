/** Disconnects callers that stop reading, to free the answers queued for them. */
import type { Socket } from 'node:net';

interface Reading {
  /** Answer bytes that the kernel has accepted; it accepts more only as the caller reads. */
  readonly takenBytes: number;
  readonly since: number;
}

/**
 * Returns a function to call with each new connection. Closes connections that leave queued bytes unread for `unreadMs`.
 *
 * Checks all connections periodically, which costs nothing per request.
 */
export function createUnreadWatch(unreadMs: number): (connection: Socket) => void {
  const readings = new Map<Socket, Reading>();
  let timer: NodeJS.Timeout | undefined;

  function forget(this: Socket): void {
    readings.delete(this);
  }

  function sweep(): void {
    const now = performance.now();
    for (const [connection, { takenBytes, since }] of readings) {
      const taken = countTaken(connection);
      if (connection.writableLength === 0 || taken !== takenBytes)
        readings.set(connection, { takenBytes: taken, since: now });
      else if (now - since >= unreadMs) connection.destroy();
    }
    if (readings.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return (connection) => {
    if (readings.has(connection) || connection.destroyed) return;
    readings.set(connection, { takenBytes: 0, since: performance.now() });
    connection.on('close', forget);
    timer ??= setInterval(sweep, unreadMs / 2).unref();
  };
}

/** A stream counts a write as pending until it completes; only the handle knows how much of it the kernel has accepted. */
function countTaken(connection: Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }): number {
  return connection.bytesWritten - connection.writableLength - (connection._handle?.writeQueueSize ?? 0);
}
