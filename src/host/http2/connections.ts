/** The connections of HTTP/2: their settings, their timeouts, and their end. */
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { App } from '../../app/app';
import type { BodyOptions } from '../long-body';
import type { SharedBodies } from '../shared-bodies';
import { type Allowance, createAllowance } from './allowance';
import type { Connection, Exchange, StreamEnds } from './connection';
import { createStreamListener } from './listener';
import { createWatch } from './watch';

export interface HttpTwoOptions extends BodyOptions {
  readonly maxBufferedBytes: number;
  readonly clientTimeoutMs: number;
}

export interface Connections {
  /** A connection that begins with the preface, which it has not read yet. */
  add(socket: Socket): void;
  isBusy(socket: Socket, mayComplete: boolean): boolean | undefined;
  startDraining(): void;
}

/** Requests in work at once; HTTP/1.1 allows as many on that number of connections. */
const maxStreams = 128;
/** Node's limit for HTTP/1.1. */
const maxHeaderBytes = 16 * 1024;
const streamWindowBytes = 256 * 1024;
const connectionWindowBytes = 1024 * 1024;
/** How long the last answers may take on their way. */
const lingerMs = 1000;
/** How long a client may take to learn that the connection closes: what it sent before is answered. */
const goodbyeMs = 1000;
/** In a goodbye: all streams so far and those on their way. */
const anyStream = 2 ** 31 - 1;

export function createConnections(app: App, options: HttpTwoOptions, bodies: SharedBodies): Connections {
  const bySocket = new WeakMap<Socket, Connection>();
  const connections = new Set<Connection>();
  const watch = createWatch(connections, options);
  const serve = createStreamListener(app, options, bodies);
  const server = createServer({
    maxSessionMemory: Math.max(10, Math.ceil(options.maxBufferedBytes / 1e6)),
    settings: {
      maxConcurrentStreams: maxStreams,
      maxHeaderListSize: maxHeaderBytes,
      initialWindowSize: streamWindowBytes,
      enablePush: false,
    },
  });
  function open(connection: Connection): void {
    const { session, socket } = connection;
    const control = createAllowance(session);
    connections.add(connection);
    watch.start();
    session.setLocalWindowSize(connectionWindowBytes);
    session.on('close', () => {
      connections.delete(connection);
      // A client that never reads would keep it open.
      setTimeout(() => socket.destroy(), lingerMs).unref();
    });
    session.on('error', ignore);
    session.on('ping', control.take);
    session.on('remoteSettings', () => {
      connection.isOpen = true;
      control.take();
    });
    session.on('stream', (stream, headers) => {
      // A stream may be reset at any time.
      stream.on('error', ignore);
      serve(stream, headers, begin(connection, stream, control));
    });
    if (!connection.isAccepting) session.goaway(constants.NGHTTP2_NO_ERROR, anyStream);
  }

  function begin(connection: Connection, stream: ServerHttp2Stream, control: Allowance): StreamEnds {
    const exchange = { stream, startedAt: performance.now(), isReceived: false, hasLongAnswer: false };
    connection.exchanges.add(exchange);
    stream.on('close', () => {
      connection.exchanges.delete(exchange);
      if (stream.rstCode === constants.NGHTTP2_CANCEL && !stream.writableFinished) control.takeReset();
    });
    return {
      isLate: !connection.isAccepting,
      received: () => {
        exchange.isReceived = true;
      },
      answersLong: () => {
        exchange.hasLongAnswer = true;
        stream.setTimeout(options.clientTimeoutMs, () => stream.close(constants.NGHTTP2_CANCEL));
      },
    };
  }

  function add(socket: Socket): void {
    function accept(session: ServerHttp2Session): void {
      const openedAt = performance.now();
      const isAccepting = !app.isDraining();
      const connection = {
        session,
        socket,
        openedAt,
        usedAt: openedAt,
        exchanges: new Set<Exchange>(),
        isOpen: false,
        isAccepting,
      };
      bySocket.set(socket, connection);
      open(connection);
    }

    // Emitted within the other event, unless the socket has been closed.
    server.once('session', accept).emit('connection', socket);
    server.off('session', accept);
  }

  function isBusy(socket: Socket, mayComplete: boolean): boolean | undefined {
    const connection = bySocket.get(socket);
    if (connection === undefined || connection.session.destroyed) return undefined;
    const { session, exchanges, isAccepting } = connection;
    const isWorking = [...exchanges].some(({ isReceived }) => isReceived || mayComplete);
    return isWorking || (isAccepting && !session.closed);
  }

  function startDraining(): void {
    for (const { session } of connections) {
      // Its client has left, and the socket is about to close.
      if (session.destroyed) continue;
      const timer = setTimeout(() => session.close(), goodbyeMs);
      session.on('close', () => clearTimeout(timer));
      session.goaway(constants.NGHTTP2_NO_ERROR, anyStream);
      // What the client sent before it read the goodbye has arrived before its answer to this.
      session.ping(() => session.close());
    }
  }

  return { add, isBusy, startDraining };
}

function ignore(): void {}
