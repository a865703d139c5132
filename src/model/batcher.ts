/** Joins the rows of all requests that arrived in one turn of the event loop into one model run. */
import { Problem } from '../problem';
import { end, type Job, noteQueued, noteRun } from './job';
import { OutputMisfit } from './outputs';
import { joinRows, type TensorSpec, type Tensors } from './tensors';
import { createWaiting, deliverShare, type Share, takeShare, type Waiting } from './waiting';

export interface BatchLimits {
  /** Rows of one run. */
  readonly maxBatchRows: number;
  /** Rows that may run before those of a new job. */
  readonly maxQueuedRows: number;
  /** How long a job may wait and run before it is given up: its rows do not run any more. */
  readonly requestTimeoutMs: number;
}

/** What runs the model. What it takes at a time may change with what is learned of the model. */
export interface Runner {
  readonly run: RunModel;
  /** Rows from which on a run would take too long. */
  rowsPerRun(): number;
  /** Runs that it does at the same time. */
  parallelRuns(): number;
  /** Told of a run that succeeded. */
  ran(rows: number, ms: number): void;
}

/** Told of every run that succeeded, after its callers have their results. */
export type OnRun = (inputs: Tensors, outputs: Tensors, seconds: number) => void;

/**
 * Runs the model once, on the rows that `collect` gives.
 *
 * It calls `collect` when a turn of the event loop has delivered all its requests and the run is about to begin, or
 * never when it fails before. Without rows there is nothing to run, and any outputs will do.
 */
export type RunModel = (collect: () => Tensors) => Promise<Tensors>;

export function createBatcher(specs: readonly TensorSpec[], runner: Runner, limits: BatchLimits, onRun?: OnRun) {
  const { maxBatchRows, maxQueuedRows, requestTimeoutMs } = limits;
  /** Jobs with rows that no run has taken. */
  let queue: Waiting[] = [];
  let queuedRows = 0;
  let rowsAhead = 0;
  let runs = 0;
  /** Whether a run has yet to collect: what is queued until then is its. */
  let isCollecting = false;

  const rowsPerRun = () => Math.min(maxBatchRows, runner.rowsPerRun());

  /** Throws the problem `overloaded` when a new job would have to wait for too many rows. */
  function checkRoom(): void {
    if (rowsAhead < maxQueuedRows) return;
    const detail = `Rows that would run before those of this request: ${rowsAhead}; expected fewer than ${maxQueuedRows}.`;
    throw new Problem('overloaded', detail, { headers: ['retry-after', '1'] });
  }

  /** Queues a job, or throws the problem `overloaded`. */
  function submit(job: Job): void {
    checkRoom();
    const queuedAt = performance.now();
    noteQueued(job, queuedAt);
    const waiting = createWaiting(job, queuedAt + requestTimeoutMs);
    count(waiting);
    queue.push(waiting);
    startRun();
  }

  function startRun(): void {
    if (isCollecting || queue.length === 0 || runs >= runner.parallelRuns()) return;
    isCollecting = true;
    runs++;
    run(takeShares).then(finishRun, finishRun);
  }

  // Each run collects in a later turn, so requests are read and health is answered between two of them.
  function finishRun(): void {
    runs--;
    startRun();
  }

  /** Fills one run from the head of the queue. A job that is too long for it goes on at the tail, behind those that wait. */
  function takeShares(): Share[] {
    isCollecting = false;
    const shares: Share[] = [];
    const unfinished: Waiting[] = [];
    const ended: { readonly waiting: Waiting; readonly problem: Problem }[] = [];
    const now = performance.now();
    let room = rowsPerRun();
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const waiting = queue[taken] as Waiting;
      const problem = problemOf(waiting, now);
      if (problem !== undefined) {
        ended.push({ waiting, problem });
        continue;
      }
      const share = takeShare(waiting, room);
      shares.push(share);
      room -= share.to - share.from;
      if (share.to < waiting.job.rows.rows) unfinished.push(waiting);
    }
    queue = queue.slice(taken).concat(unfinished);
    for (const { waiting, problem } of ended) finish(waiting, problem);
    startRun();
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
      outputs = await runner.run(() => {
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
      row += share.to - share.from;
    }
    if (inputs === undefined || row === 0) return;
    runner.ran(row, modelMs);
    onRun?.(inputs, outputs, modelMs / 1_000);
  }

  // One caller's rows may be what the model stumbles over: alone, each gets its own result or its own failure.
  async function fail(shares: readonly Share[], failure: unknown): Promise<void> {
    if (shares.length === 1 || failure instanceof Problem || failure instanceof OutputMisfit) {
      for (const { waiting } of shares) abandon(waiting, failure);
      return;
    }
    for (const share of shares) {
      await run(() => [share]);
    }
  }

  function deliver(share: Share, outputs: Tensors, row: number): void {
    const { waiting } = share;
    try {
      deliverShare(share, outputs, row);
    } catch (failure) {
      return abandon(waiting, failure);
    }
    if (waiting.done === waiting.job.rows.rows) finish(waiting);
    else count(waiting);
  }

  /** Takes a job out of the queue, whatever of it has run. */
  function abandon(waiting: Waiting, failure: unknown): void {
    queue = queue.filter((other) => other !== waiting);
    finish(waiting, failure);
  }

  function finish(waiting: Waiting, failure?: unknown): void {
    if (waiting.isOver) return;
    waiting.isOver = true;
    waiting.early.clear();
    count(waiting);
    end(waiting.job, failure);
  }

  /** Brings the counts up to date with a job. Of a long one, one run's rows come before those of a job behind it. */
  function count(waiting: Waiting): void {
    const rest = waiting.isOver ? 0 : waiting.job.rows.rows - waiting.done;
    const ahead = Math.min(rest, rowsPerRun());
    queuedRows += rest - waiting.rest;
    rowsAhead += ahead - waiting.ahead;
    waiting.rest = rest;
    waiting.ahead = ahead;
  }

  return { submit, checkRoom, queuedRows: () => queuedRows };
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ waiting, from, to }) => ({ tensors: waiting.job.rows, from, to }));
  return joinRows(specs, spans);
}
