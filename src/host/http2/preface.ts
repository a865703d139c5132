/** HTTP/2 on the port of HTTP/1.1: takes connections that begin with its preface, which HTTP/1.1's parser recognizes as an error. */
import type { Socket } from 'node:net';
import type { App } from '../../app/app';
import { hasArrivals } from '../arrivals';
import type { Handover, ParseFailure } from '../handover';
import type { SharedBodies } from '../shared-bodies';
import type { Connections, HttpTwoOptions } from './connections';

// Loaded with the first connection of HTTP/2: node:http2 and gRPC cost other processes nothing.
const loadConnections = () => require('./connections') as typeof import('./connections');

/** The parser of HTTP/1.1 lets go of a connection by these. */
interface Parser {
  unconsume(): void;
  remove(): void;
  close(): void;
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Listeners by which HTTP/1.1's server reads a connection. */
const readingEvents = ['data', 'end', 'drain', 'timeout'];

export function createHttp2(app: App, options: HttpTwoOptions, bodies: SharedBodies): Handover {
  let connections: Connections | undefined;

  function take(connection: Socket, { code, rawPacket, bytesParsed }: ParseFailure): boolean {
    if (code !== 'HPE_PAUSED_H2_UPGRADE' || hasArrivals(connection)) return false;
    if (rawPacket === undefined || bytesParsed === undefined) return false;
    release(connection);
    connection.unshift(Buffer.concat([preface, rawPacket.subarray(bytesParsed)]));
    connections ??= loadConnections().createConnections(app, options, bodies);
    connections.add(connection);
    // After the tick in which the new owner takes what was put back: a flowing stream would drop it.
    process.nextTick(() => connection.resume());
    return true;
  }

  return {
    take,
    isBusy: (connection, mayComplete) => connections?.isBusy(connection, mayComplete),
    startDraining: () => connections?.startDraining(),
  };
}

/** Ends what HTTP/1.1 does with a connection. */
function release(connection: Socket & { parser?: Parser | null }): void {
  const { parser } = connection;
  connection.pause();
  parser?.unconsume();
  parser?.remove();
  connection.parser = null;
  // It is still running.
  setImmediate(() => parser?.close());
  for (const event of readingEvents) connection.removeAllListeners(event);
  connection.setTimeout(0);
  // Unlike over HTTP/1.1, who ends a connection waits for nothing more.
  connection.allowHalfOpen = false;
}
