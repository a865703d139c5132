/** Connections that HTTP/1.1's server hands over, and what a drain must know of them. */
import type { Socket } from 'node:net';

export interface Handover {
  /** Takes the connection if it begins with the preface of HTTP/2. */
  take(connection: Socket, failure: ParseFailure): boolean;
  /** Whether a connection of HTTP/2 has something to do; undefined for others. A part of a request counts if it `mayComplete`. */
  isBusy(connection: Socket, mayComplete: boolean): boolean | undefined;
  /** Tells connections to send new requests elsewhere, and closes each when its last answer is sent. */
  startDraining(): void;
}

/** An error of the parser, with the bytes that it was given last and how many of them it has read. */
export interface ParseFailure extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}
