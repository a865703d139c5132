/** What has come on a connection: how many requests, and whether more of them had come before a signal than Node has read. */
import type { Socket } from 'node:net';

const arrivals = Symbol('arrivals');
const unread = Symbol('unread');

type Connection = Socket & { [arrivals]?: number; [unread]?: boolean };

/** A connection from which nothing comes for so many turns of the event loop is read: Node takes it in one, and reads it in the next. */
const quietTurns = 3;
/** A caller that never stops sending is no exception for ever. */
const longestReadingMs = 1000;

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

/** Takes what the kernel holds of a connection at the moment for what came before, until nothing comes for some turns. */
export function readOut(connection: Connection): void {
  const startedAt = performance.now();
  let { bytesRead } = connection;
  let quiet = 0;
  connection[unread] = true;

  function look(): void {
    quiet = connection.bytesRead === bytesRead ? quiet + 1 : 0;
    ({ bytesRead } = connection);
    const isOver = quiet >= quietTurns || connection.destroyed || performance.now() - startedAt > longestReadingMs;
    if (isOver) connection[unread] = false;
    else setImmediate(look);
  }

  setImmediate(look);
}
