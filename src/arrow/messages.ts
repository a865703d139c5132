/** The frames of an Arrow IPC stream: its messages, out of a whole body or of pieces as they arrive. */

import { KeptBytes } from '../kept-bytes';
import { Problem } from '../problem';
import { readRoot, type Table } from './flatbuffer';
import { MalformedArrow } from './malformed';

export const messageTypes = { schema: 1, dictionary: 2, batch: 3 };

export interface Message {
  readonly type: number;
  readonly header: Table;
  readonly body: Buffer;
  /** All of the message, with its frame. */
  readonly bytes: Buffer;
}

/** What bytes begin with: a part of a message, of which more bytes would tell more; a message; or the end of the stream. */
type Framed =
  | { readonly kind: 'part'; readonly wanted: number }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'end' };

const continuation = 0xffffffff;
const headBytes = 8;
const longestMetadata = 1024 * 1024;
const fileStart = 'ARROW1';
const end = { kind: 'end' } as const;

/** Throws a `MalformedArrow`, and the problem `body-too-large` before the message has arrived. */
function readFrame(bytes: Buffer, longestMessage: number): Framed {
  if (bytes.length < headBytes) return { kind: 'part', wanted: headBytes };
  if (bytes.readUInt32LE(0) !== continuation) throw noMessage(bytes);
  const length = bytes.readUInt32LE(4);
  // The end of the stream, which may be left out.
  if (length === 0) return end;
  if (length > longestMetadata)
    throw new MalformedArrow(`it has metadata of ${length} bytes: expected at most ${longestMetadata}`);
  const from = headBytes + length;
  if (bytes.length < from) return { kind: 'part', wanted: from };
  const root = readRoot(bytes.subarray(headBytes, from));
  const wanted = from + root.long(3);
  if (wanted > longestMessage) {
    const detail = `Expected Arrow messages of at most ${longestMessage} bytes, got one of ${wanted}; write smaller record batches.`;
    throw new Problem('body-too-large', detail);
  }
  if (bytes.length < wanted) return { kind: 'part', wanted };
  const header = root.table(2);
  if (header === undefined) throw new MalformedArrow('it has a message without a header');
  const message = {
    type: root.integer(1, 1),
    header,
    body: bytes.subarray(from, wanted),
    bytes: bytes.subarray(0, wanted),
  };
  return { kind: 'message', message };
}

function noMessage(bytes: Buffer): MalformedArrow {
  if (bytes.toString('latin1', 0, fileStart.length) === fileStart)
    return new MalformedArrow(
      'it is a file: expected a stream, as pyarrow.ipc.new_stream or write_ipc_stream of Polars writes it',
    );
  return new MalformedArrow('a message does not start with the continuation ff ff ff ff');
}

const halfMessage = () => new MalformedArrow('it ends in the middle of a message');

/** The messages of a whole stream. What follows the end is ignored. */
export function* messagesOf(bytes: Buffer): Generator<Message> {
  for (let at = 0; at < bytes.length; ) {
    const framed = readFrame(bytes.subarray(at), Number.POSITIVE_INFINITY);
    if (framed.kind === 'end') return;
    if (framed.kind === 'part') throw halfMessage();
    yield framed.message;
    at += framed.message.bytes.length;
  }
}

/** Takes whole messages out of a stream that arrives in pieces. */
export class Messages {
  readonly #kept = new KeptBytes();
  /** Bytes that complete what comes next. */
  #wanted = headBytes;
  #hasEnded = false;

  constructor(readonly longestMessage: number) {}

  /** Bytes of a message that is not whole. */
  get keptBytes(): number {
    return this.#kept.length;
  }

  /** Throws what `readFrame` throws. */
  *add(piece: Buffer): Generator<Message> {
    if (this.#hasEnded) return;
    this.#kept.append(piece);
    while (this.#kept.length >= this.#wanted) {
      const framed = readFrame(this.#kept.bytes, this.longestMessage);
      if (framed.kind === 'end') {
        this.#hasEnded = true;
        return;
      }
      if (framed.kind === 'message') yield this.#take(framed.message);
      else this.#wanted = framed.wanted;
    }
  }

  /** Throws when the stream ended in the middle of a message. */
  end(): void {
    if (this.#kept.length > 0 && !this.#hasEnded) throw halfMessage();
  }

  #take(message: Message): Message {
    this.#kept.take(message.bytes.length);
    this.#wanted = headBytes;
    return message;
  }
}

/** The same message, independent of the bytes that it arrived in. */
export function copyMessage({ bytes }: Message): Message {
  const framed = readFrame(Buffer.from(bytes), Number.POSITIVE_INFINITY);
  if (framed.kind !== 'message') throw halfMessage();
  return framed.message;
}

export const endOfStream = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** A stream without its end and, unless it is the first of several, without its schema: behind one another they are one stream. */
export function toContinued(stream: Buffer, isFirst: boolean): Buffer {
  const from = isFirst ? 0 : headBytes + stream.readUInt32LE(4);
  return stream.subarray(from, stream.length - endOfStream.length);
}
