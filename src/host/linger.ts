/** Ends a connection whose caller may still be sending: an immediate close would reset it before its answer is read. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** How long a refused caller may take to read the answer and stop sending. */
const lingerMs = 1000;
/** What it may send meanwhile. */
const maxDiscardedBytes = 32 * 1024 * 1024;

/** Sends what is written, then closes. */
export function endSoon(connection: Socket): void {
  connection.end();
  if (connection.readableEnded) connection.destroySoon();
  // For callers that never stop sending or never read.
  const timer = setTimeout(() => connection.destroy(), lingerMs);
  connection.on('end', () => connection.destroySoon()).on('close', () => clearTimeout(timer));
  connection.resume();
}

/** Reads what is left of a request, and forgets it. Resolves when that has ended, or has gone on for too long. */
export function discardRest(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, lingerMs);

    function drop(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > maxDiscardedBytes) end();
    }

    function end(): void {
      clearTimeout(timer);
      resolve();
    }

    if (incoming.readableEnded || incoming.destroyed) return end();
    incoming.unpipe().removeAllListeners('readable');
    incoming.on('data', drop).on('end', end).on('close', end).resume();
  });
}
