/** Joins the rows of all requests that arrived in one turn of the event loop into one model run. */
import { Problem } from '../problem';
import { end, type Job, noteQueued, noteRun } from './job';
import { joinRows, type RowSpan, type TensorSpec, type Tensors } from './tensors';

export interface BatchLimits {
  /** Rows of one run. */
  readonly maxBatchRows: number;
  /** Rows that may wait. A single job may have as many. */
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
  let isBusy = false;

  /** Queues a job, or throws the problem `overloaded`. */
  function submit(job: Job): void {
    const { rows } = job.rows;
    if (queuedRows + rows > maxQueuedRows) {
      const detail = `${queuedRows} rows are waiting and this request has ${rows}; at most ${maxQueuedRows} may wait.`;
      throw new Problem('overloaded', detail, { headers: ['retry-after', '1'] });
    }
    queuedRows += rows;
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
    const late: Waiting[] = [];
    const now = performance.now();
    let room = maxBatchRows;
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const waiting = queue[taken] as Waiting;
      const { job } = waiting;
      const rest = job.rows.rows - waiting.done;
      if (job.isGone() || waiting.expiresAt < now) {
        queuedRows -= rest;
        late.push(waiting);
        continue;
      }
      const count = Math.min(rest, room);
      shares.push({ waiting, span: { tensors: job.rows, from: waiting.done, to: waiting.done + count } });
      room -= count;
      if (count < rest) unfinished.push(waiting);
    }
    queue = queue.slice(taken).concat(unfinished);
    // Callers that have gone are not told.
    for (const { job } of late) end(job, expired(requestTimeoutMs));
    return shares;
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
    waiting.done += count;
    queuedRows -= count;
    try {
      job.accept(outputs, row, row + count);
    } catch (failure) {
      return abandon(waiting, failure);
    }
    if (waiting.done === job.rows.rows) end(job);
  }

  /** Takes a job out of the queue, whatever of it has run. */
  function abandon(waiting: Waiting, failure: unknown): void {
    queuedRows -= waiting.job.rows.rows - waiting.done;
    queue = queue.filter((other) => other !== waiting);
    end(waiting.job, failure);
  }

  return { submit, queuedRows: () => queuedRows };
}

function expired(requestTimeoutMs: number): Problem {
  const headers = ['retry-after', '1'];
  return new Problem('deadline-exceeded', `The rows did not run within ${requestTimeoutMs} ms.`, { headers });
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ span }) => span);
  return joinRows(specs, spans);
}
