/** Requests that a connection sends without waiting: a few are in work at a time, so that a burst leaves turns to others. */
import type { Socket } from 'node:net';
import { nextTurn } from '../turns';

/** Enough for their rows to share runs. */
const mostInWork = 16;
/** With so many more, nothing is read of the connection until they have begun: each takes a hundred times its bytes. */
const mostWaiting = 256;

const key = Symbol('pipeline');

interface Pipeline {
  inWork: number;
  isHeld: boolean;
  readonly waiting: (() => void)[];
}

/** Node pauses connections itself, by the bytes of answers alone, and goes on with each that is read: both use its mark. */
type Connection = Socket & { [key]?: Pipeline; _paused?: boolean; readonly parser?: { resume(): void } | null };

/** Begins a request of a connection. Where too many are in work, the promise that comes back says when it may go on. */
export function enterPipeline(connection: Connection): Promise<void> | undefined {
  let pipeline = connection[key];
  if (pipeline === undefined) {
    pipeline = { inWork: 0, isHeld: false, waiting: [] };
    connection[key] = pipeline;
  }
  if (pipeline.inWork < mostInWork) {
    pipeline.inWork++;
    return undefined;
  }
  const { waiting } = pipeline;
  if (waiting.length >= mostWaiting && !pipeline.isHeld) hold(connection, pipeline);
  return new Promise((resolve) => waiting.push(resolve));
}

/** Ends a request that has begun: the next one that waits begins, in a later turn. */
export function leavePipeline(connection: Connection): void {
  const pipeline = connection[key];
  if (pipeline === undefined) return;
  const next = pipeline.waiting.shift();
  if (next === undefined) pipeline.inWork--;
  else void nextTurn().then(next);
  // An empty write is over when all answers before it have been taken: who does not read is not read of.
  if (pipeline.isHeld && pipeline.waiting.length === 0 && connection.writable)
    connection.write('', () => letGo(connection, pipeline));
}

/** Whether nothing is read of a connection, by Node's choice or by this file's. */
export function isPaused({ _paused }: Socket & { readonly _paused?: boolean }): boolean {
  return _paused === true;
}

/** Whether more than one request of a connection is in work or waits for its turn. */
export function isPipelined(connection: Socket & { [key]?: Pipeline }): boolean {
  return (connection[key]?.inWork ?? 0) > 1;
}

function hold(connection: Connection, pipeline: Pipeline): void {
  pipeline.isHeld = true;
  pause(connection);
  connection.on('resume', pauseAgain);
}

function pauseAgain(this: Connection): void {
  pause(this);
}

function pause(connection: Connection): void {
  connection._paused = true;
  connection.pause();
}

function letGo(connection: Connection, pipeline: Pipeline): void {
  if (!pipeline.isHeld || pipeline.waiting.length > 0) return;
  pipeline.isHeld = false;
  connection.off('resume', pauseAgain);
  connection._paused = false;
  connection.parser?.resume();
  connection.resume();
}
