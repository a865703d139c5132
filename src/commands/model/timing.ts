/** Times model runs, in milliseconds. */
import type { RunModel } from '../../model/batching/runner';
import type { Card } from '../../model/card/card';
import type { Session } from '../../model/runtime/session';
import { joinRows, type Tensors } from '../../model/tensors/tensors';

const manyRows = 64;
const runs = 21;
/** For a slow model, fewer runs are enough. */
const enoughMs = 1_000;

/** The median of a few runs, after as many to warm up. */
async function timeRuns(run: RunModel, rows: Tensors): Promise<number> {
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

/** The time of one row, and of many where rows share runs. */
export async function describeRuns({ run }: Session, card: Card, rows: Tensors, mostRows: number): Promise<string> {
  const span = { tensors: rows, from: 0, to: 1 };
  const one = joinRows(card.inputs, [span]);
  const oneText = `1 row in ${(await timeRuns(run, one)).toFixed(3)} ms`;
  if (mostRows === 1) return oneText;
  const many = joinRows(
    card.inputs,
    Array.from({ length: Math.min(manyRows, mostRows) }, () => span),
  );
  return `${oneText}, ${many.rows} rows in ${(await timeRuns(run, many)).toFixed(3)} ms`;
}
