/** Times of runs, in milliseconds. */
import type { RunModel } from '../model/batcher';
import type { Tensors } from '../model/tensors';

const runs = 21;

/** The median of a few runs, after as many that do what happens once. */
export async function timeRuns(run: RunModel, rows: Tensors): Promise<number> {
  for (let i = 0; i < runs; i++) await run(() => rows);
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAt = performance.now();
    await run(() => rows);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
