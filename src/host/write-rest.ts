/** Writes an answer while it is made, no faster than its caller reads it. */
import type { Writable } from 'node:stream';
import type { HttpReply } from '../http/message';
import type { BodyBudget, Holder } from './body-budget';

/** Bytes that may wait to be read while there is memory: some callers send much before they read anything. */
const unreadBytes = 4 * 1024 * 1024;

export interface RestOptions {
  readonly budget: Pick<BodyBudget, 'hold' | 'release'>;
  /** Calls back once, when the caller has left. */
  onEnd(callback: () => void): void;
}

/** A response of HTTP/1.1, or a stream of HTTP/2. */
export type Sink = Pick<Writable, 'writableLength' | 'writableNeedDrain'> & {
  write(piece: Buffer): boolean;
  on(event: 'drain', listener: () => void): unknown;
};

/** Resolves when all of the answer is written, with whether its caller is still there. Rejects where the answer ends before it is complete. */
export async function writeAll(sink: Sink, reply: HttpReply, { budget, onEnd }: RestOptions): Promise<boolean> {
  const unread: Holder = { heldBytes: 0 };
  let isOver = false;
  let wake: () => void = () => undefined;

  onEnd(() => {
    isOver = true;
    wake();
  });
  sink.on('drain', () => wake());

  /** Whether so many bytes may stay unread. */
  function mayWait(bytes: number): boolean {
    return bytes <= unreadBytes && (bytes <= unread.heldBytes || budget.hold(unread, bytes));
  }

  function untilRead(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      if (isOver || !sink.writableNeedDrain) resolve();
    });
  }

  try {
    for await (const piece of piecesOf(reply)) {
      if (isOver) break;
      if (!sink.write(piece) && !mayWait(sink.writableLength)) await untilRead();
    }
  } finally {
    budget.release(unread);
  }
  return !isOver;
}

async function* piecesOf({ body, rest }: HttpReply): AsyncGenerator<Buffer> {
  if (typeof body === 'string') yield Buffer.from(body);
  else if (Buffer.isBuffer(body)) yield body;
  else yield* body as readonly Buffer[];
  if (rest !== undefined) yield* rest;
}
