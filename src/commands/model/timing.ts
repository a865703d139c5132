/** Times model runs, in milliseconds. */
import type { RunModel } from '../../model/batching/runner';
import type { Card } from '../../model/card/card';
import type { Session } from '../../model/runtime/session';
import { joinRows, type Tensors } from '../../model/tensors/tensors';

const manyRows = 64;
const runs = 21;

/** The median of a few runs, after as many to warm up. For a slow model, fewer are enough. */
async function timeRuns(run: RunModel, rows: Tensors, patienceMs: number): Promise<number> {
  await timeSome(run, rows, patienceMs / 2);
  return median(await timeSome(run, rows, patienceMs / 2));
}

async function timeSome(run: RunModel, rows: Tensors, patienceMs: number): Promise<number[]> {
  const times: number[] = [];
  const enoughAt = performance.now() + patienceMs;
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

/** The time of one row, and of many where rows share runs: as many as a run can hold and half of the time. */
export async function describeRuns(
  { run }: Session,
  card: Card,
  rows: Tensors,
  { mostRows, patienceMs }: { readonly mostRows: number; readonly patienceMs: number },
): Promise<string> {
  const span = { tensors: rows, from: 0, to: 1 };
  const oneMs = await timeRuns(run, joinRows(card.inputs, [span]), patienceMs / 2);
  const oneText = `1 row in ${oneMs.toFixed(3)} ms`;
  const count = Math.min(manyRows, mostRows, Math.floor(patienceMs / 4 / oneMs));
  if (count <= 1) return oneText;
  const many = joinRows(
    card.inputs,
    Array.from({ length: count }, () => span),
  );
  return `${oneText}, ${many.rows} rows in ${(await timeRuns(run, many, patienceMs / 2)).toFixed(3)} ms`;
}
