/** Standard output that may fail: what cannot be written is dropped and counted, and the process goes on. */
import { logEvent } from './log';

/** Characters that may wait for a reader: what nobody reads would fill the memory. */
const mostWaiting = 1024 * 1024;
/** After a failed write the next is tried no sooner. */
const retryMs = 1000;

const causes = {
  reader_gone: 'its reader has gone',
  disk_full: 'its disk is full',
  unread: `${mostWaiting} characters wait to be read`,
  failed: 'it cannot be written',
};

export type DropReason = keyof typeof causes;

type Done = (failure?: Error | null) => void;
type Write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => boolean;

type WithHandle = { readonly _handle?: { setBlocking?(isBlocking: boolean): void } };

const dropped = new Map<DropReason, number>(Object.keys(causes).map((reason) => [reason as DropReason, 0]));
const told = new Set<DropReason>();

/** Lines that were not written since the start, by reason. */
export function droppedLines(): ReadonlyMap<DropReason, number> {
  return dropped;
}

/** Wraps `write` of a stream, whoever calls it: a failed write is an uncaught error otherwise, and a slow reader's lines pile up. */
export function guardOutput(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (
    chunk: string | Uint8Array,
    coding?: BufferEncoding,
    done?: Done,
  ) => boolean;
  let failed: DropReason | undefined;
  let retryAt = 0;
  let untold = 0;

  function drop(chunk: string | Uint8Array, reason: DropReason): void {
    const lines = countLines(chunk);
    untold += lines;
    dropped.set(reason, (dropped.get(reason) ?? 0) + lines);
    if (!told.has(reason)) tellOnStandardError(reason);
  }

  function hasFailed(chunk: string | Uint8Array, failure: NodeJS.ErrnoException): void {
    failed = reasonOf(failure);
    retryAt = performance.now() + retryMs;
    drop(chunk, failed);
  }

  function hasSucceeded(): void {
    failed = undefined;
    if (untold === 0 || stream.writableLength > mostWaiting / 2) return;
    const lines = untold;
    untold = 0;
    logEvent('WARNING', `${lines} log lines before this one were dropped: standard output failed.`);
  }

  function obstacle(): DropReason | undefined {
    if (failed !== undefined && performance.now() < retryAt) return failed;
    return stream.writableLength > mostWaiting ? 'unread' : undefined;
  }

  const guarded: Write = (chunk, encoding, last) => {
    const [coding, done] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, last];
    const reason = obstacle();
    if (reason !== undefined) {
      drop(chunk, reason);
      if (done !== undefined) process.nextTick(done);
      return true;
    }
    return write(chunk, coding, (failure) => {
      if (failure) hasFailed(chunk, failure);
      else hasSucceeded();
      done?.(failure);
    });
  };

  stream.write = guarded;
  // Node lets a terminal that is stopped, or that nobody reads, stop the whole process.
  (stream as WithHandle)._handle?.setBlocking?.(false);
  // The callback of each write has it already.
  stream.on('error', () => undefined);
}

/** Once a reason: a console ignores its own failures, but the stream is most likely as broken as the other. */
function tellOnStandardError(reason: DropReason): void {
  told.add(reason);
  process.stderr.on('error', () => undefined);
  console.error(
    JSON.stringify({
      severity: 'ERROR',
      message: `Log lines are being dropped: standard output fails, ${causes[reason]}.`,
    }),
  );
}

/** Settles when all is written, or after a while: the end of the process loses what still waits. */
export function outputWritten(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, retryMs);
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): DropReason {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  return ['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EIO'].includes(code) ? 'reader_gone' : 'failed';
}

function countLines(chunk: string | Uint8Array): number {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
  return text.split('\n').length - 1;
}
