/** One run of the model: delivers its outputs to the callers or, if it fails, runs each caller's rows alone. */
import { Problem, toError } from '../../problem';
import { OutputMisfit } from '../tensors/outputs';
import { joinRows, type TensorSpec, type Tensors } from '../tensors/tensors';
import type { Delivery } from './delivery';
import { findReasonToEnd, type Share } from './queued-job';
import type { Runner } from './runner';

export interface BatchObserver {
  /** Called after each successful run, once its callers have their results. If it throws, no caller notices. */
  ran?(inputs: Tensors, outputs: Tensors, seconds: number): void;
  /** Called with an error that no caller waits for: from `ran` or the end of a job. Must not throw. */
  faulted(failure: unknown): void;
}

export function createBatchRun(
  specs: readonly TensorSpec[],
  runner: Runner,
  { deliver, end }: Delivery,
  observer: BatchObserver,
) {
  /** Runs the model on the shares of `take`, which is called once when the run begins, even if the run fails first. */
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

  // One caller's rows may have caused the failure: alone, each caller gets its own result or failure.
  async function fail(shares: readonly Share[], failure: Error): Promise<void> {
    if (shares.length === 1 || concernsAll(failure)) {
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

/** Whether no caller could be answered, whoever shares the run. */
function concernsAll(failure: Error): boolean {
  return (failure instanceof Problem && failure.type !== 'invalid-input') || failure instanceof OutputMisfit;
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ queued, from, to }) => ({ tensors: queued.job.rows, from, to }));
  return joinRows(specs, spans);
}
