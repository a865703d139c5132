/** Joins the rows of all requests that arrived in one turn of the event loop into one model run. */
import { Problem } from '../problem';
import { end, type Job, noteQueued, noteRun } from './job';
import { joinRows, type RowSpan, type TensorSpec, type Tensors } from './tensors';

export interface BatchLimits {
  /** Rows of one run. */
  readonly maxBatchRows: number;
  /** Rows that may run before those of a new job. */
  readonly maxQueuedRows: number;
  /** How long a job may wait and run before it is given up: its rows do not run any more. */
  readonly requestTimeoutMs: number;
}

export interface BatcherOptions extends BatchLimits {
  /** Told of every run that succeeded, after its callers have their results. */
  readonly onRun?: (inputs: Tensors, outputs: Tensors, seconds: number) => void;
}

interface Waiting {
  readonly job: Job;
  /** Rows of the job that have run. */
  done: number;
  /** `performance.now()` from which on nobody counts on it. */
  readonly expiresAt: number;
}

/** A waiting job's rows `from` to `to`, in this run. */
interface Share {
  readonly waiting: Waiting;
  readonly span: RowSpan;
}

/**
 * Runs the model once, on the rows that `collect` gives.
 *
 * It calls `collect` when a turn of the event loop has delivered all its requests and the run is about to begin, or
 * never when it fails before. Without rows there is nothing to run, and any outputs will do.
 */
export type RunModel = (collect: () => Tensors) => Promise<Tensors>;

export function createBatcher(specs: readonly TensorSpec[], runModel: RunModel, options: BatcherOptions) {
  const { maxBatchRows, maxQueuedRows, requestTimeoutMs, onRun } = options;
  let queue: Waiting[] = [];
  let queuedRows = 0;
  let rowsAhead = 0;
  let isBusy = false;

  /** Rows of a job that run before those of a job behind it: the queue goes round, one run's rows of a job at a time. */
  const ahead = (rest: number) => Math.min(rest, maxBatchRows);

  /** Throws the problem `overloaded` when a new job would have to wait for too many rows. */
  function checkRoom(): void {
    if (rowsAhead < maxQueuedRows) return;
    const detail = `Rows that would run before those of this request: ${rowsAhead}; expected fewer than ${maxQueuedRows}.`;
    throw new Problem('overloaded', detail, { headers: ['retry-after', '1'] });
  }

  /** Queues a job, or throws the problem `overloaded`. */
  function submit(job: Job): void {
    checkRoom();
    const { rows } = job.rows;
    queuedRows += rows;
    rowsAhead += ahead(rows);
    const queuedAt = performance.now();
    noteQueued(job, queuedAt);
    queue.push({ job, done: 0, expiresAt: queuedAt + requestTimeoutMs });
    if (isBusy) return;
    isBusy = true;
    startRun();
  }

  function startRun(): void {
    run(takeShares).then(finishRun, finishRun);
  }

  // Each run collects in a later turn, so requests are read and health is answered between two of them.
  function finishRun(): void {
    if (queue.length === 0) isBusy = false;
    else startRun();
  }

  /** Fills one run from the head of the queue. A job that is too long for it goes on at the tail, behind those that wait. */
  function takeShares(): Share[] {
    const shares: Share[] = [];
    const unfinished: Waiting[] = [];
    const ended: { readonly job: Job; readonly problem: Problem }[] = [];
    const now = performance.now();
    let room = maxBatchRows;
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const waiting = queue[taken] as Waiting;
      const { job } = waiting;
      const rest = job.rows.rows - waiting.done;
      const problem = problemOf(waiting, now);
      if (problem !== undefined) {
        uncount(waiting, rest);
        ended.push({ job, problem });
        continue;
      }
      const count = Math.min(rest, room);
      shares.push({ waiting, span: { tensors: job.rows, from: waiting.done, to: waiting.done + count } });
      room -= count;
      if (count < rest) unfinished.push(waiting);
    }
    queue = queue.slice(taken).concat(unfinished);
    for (const { job, problem } of ended) end(job, problem);
    return shares;
  }

  /** Why a job's rows are not to run any more. */
  function problemOf({ job, expiresAt }: Waiting, now: number): Problem | undefined {
    if (job.isGone()) return new Problem('caller-gone', 'Nobody waits for these rows any more.');
    if (expiresAt >= now) return undefined;
    const headers = ['retry-after', '1'];
    return new Problem('deadline-exceeded', `The rows did not run within ${requestTimeoutMs} ms.`, { headers });
  }

  async function run(take: () => readonly Share[]): Promise<void> {
    let shares: readonly Share[] | undefined;
    let inputs: Tensors | undefined;
    let outputs: Tensors;
    let startedAt = 0;
    try {
      outputs = await runModel(() => {
        shares = take();
        startedAt = performance.now();
        inputs = joinShares(specs, shares);
        return inputs;
      });
    } catch (failure) {
      return fail(shares ?? take(), failure);
    }
    const modelMs = performance.now() - startedAt;
    let row = 0;
    for (const share of shares ?? []) {
      noteRun(share.waiting.job, startedAt, modelMs);
      deliver(share, outputs, row);
      row += share.span.to - share.span.from;
    }
    if (inputs !== undefined && row > 0) onRun?.(inputs, outputs, modelMs / 1_000);
  }

  // One caller's rows may be what the model stumbles over: alone, each gets its own result or its own failure.
  async function fail(shares: readonly Share[], failure: unknown): Promise<void> {
    if (shares.length === 1 || failure instanceof Problem) {
      for (const { waiting } of shares) abandon(waiting, failure);
      return;
    }
    for (const share of shares) {
      await run(() => [share]);
    }
  }

  function deliver({ waiting, span }: Share, outputs: Tensors, row: number): void {
    const { job } = waiting;
    const count = span.to - span.from;
    uncount(waiting, count);
    waiting.done += count;
    try {
      job.accept(outputs, row, row + count);
    } catch (failure) {
      return abandon(waiting, failure);
    }
    if (waiting.done === job.rows.rows) end(job);
  }

  /** Takes the next rows of a job out of the counts. */
  function uncount({ job, done }: Waiting, count: number): void {
    const rest = job.rows.rows - done;
    queuedRows -= count;
    rowsAhead -= ahead(rest) - ahead(rest - count);
  }

  /** Takes a job out of the queue, whatever of it has run. */
  function abandon(waiting: Waiting, failure: unknown): void {
    uncount(waiting, waiting.job.rows.rows - waiting.done);
    queue = queue.filter((other) => other !== waiting);
    end(waiting.job, failure);
  }

  return { submit, checkRoom, queuedRows: () => queuedRows };
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ span }) => span);
  return joinRows(specs, spans);
}
