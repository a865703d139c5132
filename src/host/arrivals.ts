/** What has come on a connection: how many requests, and whether more of them had come before a signal than Node has read. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isPaused, isPipelined } from './pipeline';

const arrivals = Symbol('arrivals');
const unread = Symbol('unread');

type Connection = Socket & {
  [arrivals]?: number;
  [unread]?: boolean;
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null;
};

/** Whoever sends without waiting has more on its way: the kernel may take a moment to bring it, once there is room. */
const quietMs = 20;
/** A connection from which nothing comes for so many turns of the event loop is read: Node takes it in one, and reads it in the next. */
const quietTurns = 3;
/** A caller that never stops sending is no exception for ever. In so many turns 16 MiB can be read, more than the kernel keeps for both ends. */
const mostReadingTurns = 256;
/** How often a connection is looked at of which nothing is read for the moment. */
const heldBackMs = 5;

/** The number of a request that has just come. */
export function noteArrival(connection: Connection): number {
  const number = (connection[arrivals] ?? 0) + 1;
  connection[arrivals] = number;
  return number;
}

/** Whether no request has come on the connection after this one, and none is on its way from the kernel. */
export function isLastArrival(connection: Connection, number: number): boolean {
  return connection[arrivals] === number && !isUnread(connection);
}

/** Whether the kernel may hold requests that came before the signal. */
export function isUnread(connection: Connection): boolean {
  return connection[unread] === true;
}

/** Takes what the kernel holds of a connection at the moment for what came before, until nothing comes for some turns in which it is read. */
export function readOut(connection: Connection): void {
  let { bytesRead } = connection;
  let readingTurns = 0;
  let quiet = 0;
  let quietSince = performance.now();
  connection[unread] = true;

  function look(): void {
    if (connection.destroyed) return;
    if (isHeldBack(connection)) {
      noteBytes();
      setTimeout(look, heldBackMs);
      return;
    }
    if (connection.bytesRead === bytesRead) quiet++;
    else {
      readingTurns++;
      noteBytes();
    }
    if (isQuiet() || readingTurns > mostReadingTurns) connection[unread] = false;
    else setImmediate(look);
  }

  function noteBytes(): void {
    ({ bytesRead } = connection);
    quiet = 0;
    quietSince = performance.now();
  }

  function isQuiet(): boolean {
    return quiet >= quietTurns && (!isPipelined(connection) || performance.now() - quietSince >= quietMs);
  }

  setImmediate(look);
}

/** Whether nothing is read of it until answers before have been read, or requests before have begun. */
function isHeldBack(connection: Connection): boolean {
  const unfinished = unfinishedRequest(connection);
  return isPaused(connection) || (unfinished !== undefined && unfinished.readableFlowing !== true);
}

/** The request that Node is reading from a connection, if it has not come whole. */
export function unfinishedRequest({ parser }: Connection): IncomingMessage | undefined {
  const incoming = parser?.incoming;
  return incoming?.complete === false ? incoming : undefined;
}
