/** Makes failures of standard output harmless: lines that cannot be written are dropped and counted. */
import { logEvent } from './log';

/** Characters that may wait for a slow reader; beyond this, unread output would fill the memory. */
const maxWaiting = 1024 * 1024;
/** Pause before the next attempt after a failed write. */
const retryMs = 1000;

const causes = {
  reader_gone: 'its reader is gone',
  disk_full: 'its disk is full',
  unread: `more than ${maxWaiting} characters are waiting to be read`,
  failed: 'the write failed',
};

export type DropReason = keyof typeof causes;

type Done = (failure?: Error | null) => void;
type Write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => boolean;

type WithHandle = { readonly _handle?: { setBlocking?(isBlocking: boolean): void } };

const dropped = new Map<DropReason, number>(Object.keys(causes).map((reason) => [reason as DropReason, 0]));
const told = new Set<DropReason>();

/** Lines dropped since the start, by reason. */
export function droppedLines(): ReadonlyMap<DropReason, number> {
  return dropped;
}

/** Wraps a stream's `write` for all its callers: otherwise a failed write is an uncaught error, and a slow reader's lines pile up. */
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
    if (untold === 0 || stream.writableLength > maxWaiting / 2) return;
    const lines = untold;
    untold = 0;
    logEvent('WARNING', `${lines} log lines before this one were dropped because standard output failed.`);
  }

  function obstacle(): DropReason | undefined {
    if (failed !== undefined && performance.now() < retryAt) return failed;
    return stream.writableLength > maxWaiting ? 'unread' : undefined;
  }

  const guarded: Write = (chunk, encoding, last) => {
    const [coding, done] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, last];
    const reason = obstacle();
    if (reason !== undefined) {
      drop(chunk, reason);
      if (done !== undefined) process.nextTick(done, new Error(`Standard output fails: ${causes[reason]}.`));
      return true;
    }
    return write(chunk, coding, (failure) => {
      if (failure) hasFailed(chunk, failure);
      else hasSucceeded();
      done?.(failure);
    });
  };

  stream.write = guarded;
  // By default, a stopped or unread terminal blocks the whole process.
  (stream as WithHandle)._handle?.setBlocking?.(false);
  // The callback of each write already handles the error.
  stream.on('error', () => undefined);
}

/** Once per reason. `console` ignores its own failures; standard error is probably broken too. */
function tellOnStandardError(reason: DropReason): void {
  told.add(reason);
  process.stderr.on('error', () => undefined);
  console.error(
    JSON.stringify({
      severity: 'ERROR',
      message: `Log lines are being dropped because standard output fails: ${causes[reason]}.`,
    }),
  );
}

/** Settles when everything is written, or after a timeout: what still waits is lost when the process exits. */
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
