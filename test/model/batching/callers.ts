/** Callers of the batcher and the models that serve them: what each sends and gets back. */
import { type BatchLimits, createBatcher } from '../../../src/model/batching/batcher';
import type { Job } from '../../../src/model/batching/job';
import type { TensorSpec, Tensors } from '../../../src/model/tensors/tensors';

export const specs: readonly TensorSpec[] = [
  { name: 'numbers', datatype: 'FP64', shape: [-1, 2] },
  { name: 'texts', datatype: 'BYTES', shape: [-1] },
];

export interface Caller {
  readonly job: Job;
  /** What the caller must get. */
  readonly expected: readonly string[];
  readonly received: string[];
  /** The failure of each call of `end`; one entry when all is well. */
  readonly endings: unknown[];
  /** Settles with the first ending. */
  readonly ended: Promise<unknown>;
  leave(): void;
}

export interface CallerFaults {
  accept?(): void;
  end?(): void;
  isGone?(): void;
}

let lastValue = 0;

/** A caller whose rows are unlike those of all others. */
export function createCaller(rows: number, faults: CallerFaults = {}): Caller {
  const first = lastValue;
  lastValue += rows;
  const numbers = Float64Array.from({ length: rows * 2 }, (_, i) => first + (i >> 1) + (i % 2) / 4);
  const texts = Array.from({ length: rows }, (_, i) => `row ${first + i}`);
  const received: string[] = [];
  const endings: unknown[] = [];
  const { promise: ended, resolve } = withResolver();
  let hasLeft = false;

  const job: Job = {
    rows: { rows, data: [numbers, texts] },
    accept(outputs, from, to) {
      faults.accept?.();
      for (let row = from; row < to; row++) received.push(describeRow(outputs, row));
    },
    end(failure) {
      endings.push(failure);
      resolve(failure);
      faults.end?.();
    },
    isGone() {
      faults.isGone?.();
      return hasLeft;
    },
  };
  const doubled = double(job.rows);
  const expected = texts.map((_, row) => describeRow(doubled, row));
  const leave = () => {
    hasLeft = true;
  };
  return { job, expected, received, endings, ended, leave };
}

function withResolver() {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise<unknown>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function describeRow({ data }: Tensors, row: number): string {
  const [numbers, texts] = data as readonly [Float64Array, string[]];
  return `${numbers[2 * row]} ${numbers[2 * row + 1]} ${texts[row]}`;
}

/** The model: every number twice as large, every text twice. */
export function double({ rows, data }: Tensors): Tensors {
  const [numbers, texts] = data as readonly [Float64Array, readonly string[]];
  return { rows, data: [numbers.map((value) => 2 * value), texts.map((text) => text + text)] };
}

export interface BatcherSettings extends Partial<BatchLimits> {
  /** Throws for a run that the model cannot do. */
  readonly check?: (inputs: Tensors) => void;
  /** Turns of the event loop that a run takes: all of them, or those of each in turn. */
  readonly turnsPerRun?: number | readonly number[];
  /** Rows from which on a run would take too long. */
  readonly rowsPerRun?: () => number;
  readonly parallelRuns?: number;
  /** Told of each run, and may throw. */
  readonly ran?: () => void;
  /** Throws for a run that fails before it has taken rows. */
  readonly begin?: () => void;
}

/** A batcher in front of `double`, with the row counts of its runs and what it tells of faults. */
export function createDoubler({
  check = () => undefined,
  turnsPerRun = 0,
  rowsPerRun = () => Number.POSITIVE_INFINITY,
  parallelRuns = 1,
  maxBatchRows = 1024,
  maxQueuedRows = 1_000_000,
  maxQueuedBytes = Number.POSITIVE_INFINITY,
  requestTimeoutMs = 60_000,
  ran = () => undefined,
  begin = () => undefined,
}: BatcherSettings = {}) {
  const runs: number[] = [];
  const faults: unknown[] = [];
  async function run(collect: () => Tensors): Promise<Tensors> {
    await nextTurn();
    begin();
    const inputs = collect();
    if (inputs.rows === 0) return inputs;
    runs.push(inputs.rows);
    const turns = typeof turnsPerRun === 'number' ? turnsPerRun : (turnsPerRun[runs.length - 1] ?? 0);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    check(inputs);
    return double(inputs);
  }
  const runner = { run, rowsPerRun, parallelRuns: () => parallelRuns, ran: () => undefined };
  const observer = { ran, faulted: (failure: unknown) => void faults.push(failure) };
  const limits = { maxBatchRows, maxQueuedRows, maxQueuedBytes, requestTimeoutMs };
  return { ...createBatcher(specs, runner, limits, observer), runs, faults };
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits until nothing is queued, for at most `turns` turns of the event loop. */
export async function untilIdle({ queuedRows }: { queuedRows(): number }, turns = 10_000): Promise<void> {
  for (let turn = 0; turn < turns && queuedRows() > 0; turn++) await nextTurn();
  // The last run has given its rows back; its end is a turn away.
  await nextTurn();
  await nextTurn();
}
