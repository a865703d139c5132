/** Times model runs, in milliseconds. */
import type { RunModel } from '../../model/batching/runner';
import type { Tensors } from '../../model/tensors/tensors';

const runs = 21;
/** For a slow model, fewer runs are enough. */
const enoughMs = 1_000;

/** The median of a few runs, after as many to warm up. */
export async function timeRuns(run: RunModel, rows: Tensors): Promise<number> {
  await timeSome(run, rows);
  return median(await timeSome(run, rows));
}

async function timeSome(run: RunModel, rows: Tensors): Promise<number[]> {
  const times: number[] = [];
  const enoughAt = performance.now() + enoughMs;
  do {
    const startedAt = performance.now();
    await run(() => rows);
    times.push(performance.now() - startedAt);
  } while (times.length < runs && performance.now() < enoughAt);
  return times;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
