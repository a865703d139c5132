/** Counts the requests of a connection, and tells whether unread ones arrived before a signal. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { hasArriving } from './arriving-body';
import { isPaused, isPipelined } from './pipeline';

const arrivals = Symbol('arrivals');
const unread = Symbol('unread');

type Connection = Socket & {
  [arrivals]?: number;
  [unread]?: boolean;
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null;
};

/** A pipelining client has more in flight: once there is room, the kernel may need this long to deliver it. */
const quietMs = 20;
/** Event loop turns without new bytes after which a connection counts as read: Node polls it in one turn and reads in the next. */
const quietTurns = 3;
/** Bounds a caller that never stops sending: 256 turns read 16 MiB, more than the kernel buffers for both ends. */
const maxReadingTurns = 256;
/** How often a paused connection is polled. */
const heldBackMs = 5;

/** Counts a request that just arrived and returns its number. */
export function noteArrival(connection: Connection): number {
  const number = (connection[arrivals] ?? 0) + 1;
  connection[arrivals] = number;
  return number;
}

/** Whether a request has arrived on the connection. */
export function hasArrivals(connection: Connection): boolean {
  return connection[arrivals] !== undefined;
}

/** Whether this is the latest request on the connection and the kernel holds no more. */
export function isLastArrival(connection: Connection, number: number): boolean {
  return connection[arrivals] === number && !isUnread(connection);
}

/** Whether the kernel may still hold requests from before the signal. */
export function isUnread(connection: Connection): boolean {
  return connection[unread] === true;
}

/** Treats everything the kernel now holds for a connection as received before the signal, until some turns read nothing. */
export function readOut(connection: Connection): void {
  let { bytesRead } = connection;
  let readingTurns = 0;
  let quiet = 0;
  let quietSince = performance.now();
  connection[unread] = true;

  function poll(): void {
    if (connection.destroyed) return;
    if (isHeldBack(connection)) {
      noteBytes();
      setTimeout(poll, heldBackMs);
      return;
    }
    if (connection.bytesRead === bytesRead) quiet++;
    else {
      readingTurns++;
      noteBytes();
    }
    if (isQuiet() || readingTurns > maxReadingTurns) connection[unread] = false;
    else setImmediate(poll);
  }

  function noteBytes(): void {
    ({ bytesRead } = connection);
    quiet = 0;
    quietSince = performance.now();
  }

  function isQuiet(): boolean {
    return quiet >= quietTurns && (!isPipelined(connection) || performance.now() - quietSince >= quietMs);
  }

  setImmediate(poll);
}

/** Whether reading is paused until earlier answers are read or earlier requests have begun. */
function isHeldBack(connection: Connection): boolean {
  const unfinished = unfinishedRequest(connection);
  // What is answered while it arrives is read at the pace of its answer.
  const isWaiting = unfinished !== undefined && unfinished.readableFlowing !== true && !hasArriving(connection);
  return isPaused(connection) || isWaiting;
}

/** The request that Node is still receiving on a connection. */
export function unfinishedRequest({ parser }: Connection): IncomingMessage | undefined {
  const incoming = parser?.incoming;
  return incoming?.complete === false ? incoming : undefined;
}
