/** Takes the messages out of a stream that arrives in pieces, whole ones only. */
import { readRoot } from './flatbuffer';
import { MalformedArrow } from './malformed';

export interface MessageBytes {
  readonly bytes: Buffer;
  /** Of a record batch; undefined for the schema and dictionaries. */
  readonly rows: number | undefined;
}

const continuation = 0xffffffff;
const batchType = 3;
const headBytes = 8;
const longestMetadata = 1024 * 1024;
const longestMessage = 1024 * 1024 * 1024;

export class Messages {
  #kept = Buffer.alloc(0);
  /** Pieces behind what is kept: joined once they complete a message, which may be long. */
  readonly #pieces: Buffer[] = [];
  /** Bytes of both, and how many complete what comes next. */
  #length = 0;
  #wanted = headBytes;
  #hasEnded = false;

  /** Throws a `MalformedArrow`. */
  *add(piece: Buffer): Generator<MessageBytes> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return;
    this.#kept = Buffer.concat([this.#kept, ...this.#pieces.splice(0)]);
    for (;;) {
      const message = this.#take();
      if (message === undefined) return;
      yield message;
    }
  }

  /** Throws when the stream ended in the middle of a message. */
  end(): void {
    if (this.#length > 0 && !this.#hasEnded) throw new MalformedArrow('it ends in the middle of a message');
  }

  #take(): MessageBytes | undefined {
    const bytes = this.#kept;
    if (this.#hasEnded || this.#lacks(headBytes)) return undefined;
    if (bytes.readUInt32LE(0) !== continuation)
      throw new MalformedArrow('a message does not start with the continuation ff ff ff ff');
    const length = bytes.readUInt32LE(4);
    if (length > longestMetadata) throw new MalformedArrow(`it has metadata of ${length} bytes`);
    if (length === 0) {
      this.#hasEnded = true;
      return undefined;
    }
    if (this.#lacks(headBytes + length)) return undefined;
    const message = readRoot(bytes.subarray(headBytes, headBytes + length));
    const whole = headBytes + length + message.long(3);
    if (whole > longestMessage)
      throw new MalformedArrow(`it has a message of ${whole} bytes: expected smaller batches`);
    if (this.#lacks(whole)) return undefined;
    this.#kept = bytes.subarray(whole);
    this.#length -= whole;
    const rows = message.integer(1, 1) === batchType ? (message.table(2)?.long(0) ?? 0) : undefined;
    return { bytes: bytes.subarray(0, whole), rows };
  }

  /** Whether so many bytes have not arrived; then nothing is done until they have. */
  #lacks(bytes: number): boolean {
    this.#wanted = bytes;
    return this.#kept.length < bytes;
  }
}

export const endOfStream = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** A stream without its end and, unless it is the first of several, without its schema: behind one another they are one stream. */
export function toContinued(stream: Buffer, isFirst: boolean): Buffer {
  const from = isFirst ? 0 : headBytes + stream.readUInt32LE(4);
  return stream.subarray(from, stream.length - endOfStream.length);
}
