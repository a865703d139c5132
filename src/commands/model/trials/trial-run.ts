/** Runs weights on zeros, to find sizes with which they run, and what their outputs look like then. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ValueMetadata } from '../../../model/runtime/signature';
import { type Datatype, datatypeOf } from '../../../model/tensors/datatypes';
import type { TensorSpec } from '../../../model/tensors/tensors';

export interface Answer {
  /** Sizes of each input, without the dimension that counts rows. */
  readonly sizes: readonly (readonly number[])[];
  /** Dimensions of each output, by name. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  /** Whether every output has as many rows as the inputs. */
  readonly areRows: boolean;
}

export interface Trials {
  /** Undefined if the model ran with none of the sizes that were tried. */
  readonly answer: Answer | undefined;
  /** Free sizes that ended the process, or with which the run did not end. */
  readonly deadly: readonly number[];
}

/** More than one, so that a transposed output does not look like rows. */
const severalRows = 3;
/** For every free size at once: sizes that depend on each other are mostly equal. Convolutions need some, text little. */
const sizesToTry = [16, 64, 224, 512, 4096, 4, 1];

/** A run that takes longer counts as one that never ends. */
const patienceMs = 20_000;

type Value = Extract<ValueMetadata, { readonly isTensor: true }>;

export function findAnswer(path: string, inputs: readonly Value[], isSingle: boolean): Trials {
  const tried = isAnyFree(inputs, isSingle) ? sizesToTry : [1];
  const sizesOf = (free: number) =>
    inputs.map(({ shape }) => shape.slice(isSingle ? 0 : 1).map((size) => (typeof size === 'number' ? size : free)));
  const toSpecs = (free: number) =>
    sizesOf(free).map((sizes, i): TensorSpec => {
      const { name, type } = inputs[i] as Value;
      return { name, datatype: datatypeOf(type) as Datatype, shape: isSingle ? sizes : [severalRows, ...sizes] };
    });
  const outcomes = runZeros(path, tried.map(toSpecs), 'first');
  const deadly = tried.filter((_, i) => outcomes[i] === 'died');
  const dims = outcomes.at(-1);
  if (!(dims instanceof Map)) return { answer: undefined, deadly };
  const areRows = !isSingle && [...dims.values()].every(([rows]) => rows === severalRows);
  return { answer: { sizes: sizesOf(tried[outcomes.length - 1] as number), dims, areRows }, deadly };
}

/** The dimensions of the outputs; or that the run failed, or ended its process, or did not end itself. */
type Outcome = Answer['dims'] | 'failed' | 'died';

/** Runs the model on zeros, once for each list of inputs, until all or the first have run. */
export function runZeros(
  path: string,
  lists: readonly (readonly TensorSpec[])[],
  until: 'all' | 'first',
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  while (outcomes.length < lists.length) {
    const words = [join(__dirname, 'trial-process.js'), path, JSON.stringify(lists.slice(outcomes.length)), until];
    const { signal, stdout, status } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: patienceMs });
    const lines = stdout.split('\n').filter((line) => line !== '');
    for (const line of lines)
      outcomes.push(line === 'null' ? 'failed' : new Map(JSON.parse(line) as [string, number[]][]));
    if (signal !== null) outcomes.push('died');
    else if (status !== 0 || until === 'first') break;
  }
  return outcomes;
}

function isAnyFree(inputs: readonly Value[], isSingle: boolean): boolean {
  return inputs.some(({ shape }) => shape.slice(isSingle ? 0 : 1).some((size) => typeof size !== 'number'));
}
