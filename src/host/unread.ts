/** Cuts off callers that do not read: whatever waits for them, a long answer or many short ones, is given back. */
import type { Socket } from 'node:net';

interface Reading {
  /** Bytes that the kernel has taken of all answers; it takes more only as the caller reads. */
  readonly takenBytes: number;
  readonly since: number;
}

/**
 * What comes back is to be told of each connection, and closes those on which something waits and nothing is read for so long.
 *
 * One look at all of them now and then costs no request anything.
 */
export function createUnreadWatch(unreadMs: number): (connection: Socket) => void {
  const readings = new Map<Socket, Reading>();
  let timer: NodeJS.Timeout | undefined;

  function forget(this: Socket): void {
    readings.delete(this);
  }

  function look(): void {
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
    timer ??= setInterval(look, unreadMs / 2).unref();
  };
}

/** A stream counts a write as waiting until all of it is taken; only the handle tells how far the kernel has come in a long one. */
function countTaken(connection: Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }): number {
  return connection.bytesWritten - connection.writableLength - (connection._handle?.writeQueueSize ?? 0);
}
