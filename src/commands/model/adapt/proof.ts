/** Proves by runs that adapted weights answer as the original does: each row alone there, all rows at once here. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TensorSpec } from '../../../model/tensors/tensors';
import type { Compared, Comparison } from './compare-process';

const severalRuns = 3;
const patienceMs = 60_000;
/** As far as one kernel may differ from another that adds in another order. */
const tolerance = 1e-4;
/** Of the values: as of a picture or a flag, and as of what is measured or counted. */
const scales = [1, 4];

export interface Proof {
  readonly dims: Compared['dims'];
  readonly difference: number;
  readonly runs: number;
}

/** Throws an error that says how the answers differ, or what ended the runs. */
export function prove(
  original: string,
  adapted: string,
  specs: readonly TensorSpec[],
  joined: readonly string[],
): Proof {
  const found = scales.map((scale) => compare(original, adapted, { specs, joined, scale, runs: severalRuns }));
  const compared = found.filter((each) => typeof each !== 'string');
  const [failure] = found.filter((each) => typeof each === 'string');
  // Values that the model cannot take, such as a word beyond its vocabulary, fail in both files.
  if (compared.length === 0) throw new Error(failure);
  const difference = Math.max(...compared.map((each) => each.difference));
  if (compared.some((each) => each.difference === -1))
    throw new Error('an output does not have one row for each run of the original: its batch is not first');
  if (difference > tolerance)
    throw new Error(
      `its answers differ from the original's by ${difference.toExponential(1)}, so rows influence each other`,
    );
  return { dims: compared.at(-1)?.dims ?? [], difference, runs: compared.length * severalRuns };
}

function compare(original: string, adapted: string, comparison: Comparison): Compared | string {
  const words = [join(__dirname, 'compare-process.js'), original, adapted, JSON.stringify(comparison)];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: patienceMs,
  });
  if (signal !== null) return 'a run ends the process, or does not end';
  if (status !== 0) return stderr.split('\n')[0] ?? '';
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Compared;
}
