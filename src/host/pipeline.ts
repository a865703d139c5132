/** Limits how many pipelined requests of one connection run at a time, so that a burst does not stall other callers. */
import type { Socket } from 'node:net';
import { nextTurn } from '../turns';

/** Enough for their rows to share model runs. */
const maxInWork = 16;
/** Beyond this, reading pauses until the waiting requests begin: each takes a hundred times its bytes in memory. */
const maxWaiting = 256;

const key = Symbol('pipeline');

interface Pipeline {
  inWork: number;
  isHeld: boolean;
  readonly waiting: (() => void)[];
}

/** Node itself pauses connections by unread answer bytes and marks them with `_paused`; this file sets the same mark. */
type Connection = Socket & { [key]?: Pipeline; _paused?: boolean; readonly parser?: { resume(): void } | null };

/** Begins a request of a connection. When too many are running, returns a promise that resolves when it may continue. */
export function enterPipeline(connection: Connection): Promise<void> | undefined {
  let pipeline = connection[key];
  if (pipeline === undefined) {
    pipeline = { inWork: 0, isHeld: false, waiting: [] };
    connection[key] = pipeline;
  }
  if (pipeline.inWork < maxInWork) {
    pipeline.inWork++;
    return undefined;
  }
  const { waiting } = pipeline;
  if (waiting.length >= maxWaiting && !pipeline.isHeld) hold(connection, pipeline);
  return new Promise((resolve) => waiting.push(resolve));
}

/** Ends a running request; the next waiting one begins in a later turn. */
export function leavePipeline(connection: Connection): void {
  const pipeline = connection[key];
  if (pipeline === undefined) return;
  const next = pipeline.waiting.shift();
  if (next === undefined) pipeline.inWork--;
  else void nextTurn().then(next);
  // The empty write completes once all earlier answers are flushed: reading resumes only if the caller reads, too.
  if (pipeline.isHeld && pipeline.waiting.length === 0 && connection.writable)
    connection.write('', () => release(connection, pipeline));
}

/** Whether Node or this file has paused reading from a connection. */
export function isPaused({ _paused }: Socket & { readonly _paused?: boolean }): boolean {
  return _paused === true;
}

/** Whether more than one request of a connection is running or waiting. */
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

function release(connection: Connection, pipeline: Pipeline): void {
  if (!pipeline.isHeld || pipeline.waiting.length > 0) return;
  pipeline.isHeld = false;
  connection.off('resume', pauseAgain);
  connection._paused = false;
  connection.parser?.resume();
  connection.resume();
}
