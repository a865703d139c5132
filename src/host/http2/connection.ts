/** What is known of a connection of HTTP/2 and of the requests on it. */
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** A request, from its head until its answer is read or its stream is reset. */
export interface Exchange {
  readonly stream: ServerHttp2Stream;
  readonly startedAt: number;
  isReceived: boolean;
  /** A long answer is given up only when nothing of it is read. */
  hasLongAnswer: boolean;
}

export interface Connection {
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  readonly openedAt: number;
  /** When it was last seen with a request. */
  usedAt: number;
  readonly exchanges: Set<Exchange>;
  /** Whether the client has sent its settings. */
  isOpen: boolean;
  /** Whether new requests still belong to the time before a signal. */
  isAccepting: boolean;
}

/** What a connection wants to know of a stream. */
export interface StreamEnds {
  /** Whether it began after a signal. */
  readonly isLate: boolean;
  received(): void;
  answersLong(): void;
}
