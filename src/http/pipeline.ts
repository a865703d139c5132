/** Requests that a connection sends without waiting: a few are in work at a time, so that a burst leaves turns to others. */
import type { Socket } from 'node:net';
import { nextTurn } from '../turns';

/** Enough for their rows to share runs. */
const mostInWork = 16;

const key = Symbol('pipeline');

interface Pipeline {
  inWork: number;
  readonly waiting: (() => void)[];
}

type Connection = Socket & { [key]?: Pipeline };

/** Begins a request of a connection. Where too many are in work, the promise that comes back says when it may go on. */
export function enterPipeline(connection: Connection): Promise<void> | undefined {
  let pipeline = connection[key];
  if (pipeline === undefined) {
    pipeline = { inWork: 0, waiting: [] };
    connection[key] = pipeline;
  }
  if (pipeline.inWork < mostInWork) {
    pipeline.inWork++;
    return undefined;
  }
  const { waiting } = pipeline;
  return new Promise((resolve) => waiting.push(resolve));
}

/** Ends a request that has begun: the next one that waits begins, in a later turn. */
export function leavePipeline(connection: Connection): void {
  const pipeline = connection[key];
  if (pipeline === undefined) return;
  const next = pipeline.waiting.shift();
  if (next === undefined) pipeline.inWork--;
  else void nextTurn().then(next);
}
