/** One run of the model and what comes of it: outputs to its callers, or, where it fails, a run of each caller's rows alone. */
import { Problem, toError } from '../../problem';
import { OutputMisfit } from '../tensors/outputs';
import { joinRows, type TensorSpec, type Tensors } from '../tensors/tensors';
import type { Delivery } from './delivery';
import { findReasonToEnd, type Share } from './queued-job';
import type { Runner } from './runner';

/** Who is told of what a batcher does. */
export interface BatchObserver {
  /** Told of every run that succeeded, after its callers have their results. What it throws costs nobody an answer. */
  ran?(inputs: Tensors, outputs: Tensors, seconds: number): void;
  /** Told of what was thrown where nobody waits for it: by `ran` or the end of a job. Does not throw. */
  faulted(failure: unknown): void;
}

/** Runs the model on the shares that `take` gives when the run is about to begin. `take` is called once, also for a run that fails. */
export type BatchRun = (take: () => readonly Share[]) => Promise<void>;

export function createBatchRun(
  specs: readonly TensorSpec[],
  runner: Runner,
  { deliver, end }: Delivery,
  observer: BatchObserver,
): BatchRun {
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
      return fail(shares ?? take(), toError(failure));
    }
    if (shares === undefined || inputs === undefined)
      return fail(take(), new Error('The model ran before its rows were collected.'));
    const modelMs = performance.now() - startedAt;
    deliver(shares, outputs, startedAt, modelMs);
    if (inputs.rows > 0) tellOfRun(inputs, outputs, modelMs);
  }

  function tellOfRun(inputs: Tensors, outputs: Tensors, modelMs: number): void {
    try {
      runner.ran(inputs.rows, modelMs);
      observer.ran?.(inputs, outputs, modelMs / 1_000);
    } catch (failure) {
      observer.faulted(failure);
    }
  }

  // One caller's rows may be what the model stumbles over: alone, each gets its own result or its own failure.
  async function fail(shares: readonly Share[], failure: Error): Promise<void> {
    if (shares.length === 1 || failure instanceof Problem || failure instanceof OutputMisfit) {
      for (const { queued } of shares) end(queued, failure);
      return;
    }
    for (const share of shares) {
      const { queued } = share;
      if (queued.isOver) continue;
      const reason = findReasonToEnd(queued, performance.now());
      if (reason === undefined) await run(() => [share]);
      else end(queued, reason);
    }
  }

  return run;
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ queued, from, to }) => ({ tensors: queued.job.rows, from, to }));
  return joinRows(specs, spans);
}
