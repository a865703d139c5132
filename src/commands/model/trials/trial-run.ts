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

export interface Patience {
  /** A run that takes longer is ended: it may be one that never ends. */
  readonly runMs: number;
  /** No run starts, and none goes on beside others, after this long. */
  readonly allMs: number;
}

/** Until a process has opened weights. */
const usualOpenMs = 1_000;

const usualPatience: Patience = { runMs: 20_000, allMs: Number.POSITIVE_INFINITY };

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
  const deadly = tried.filter((_, i) => outcomes[i] === 'died' || outcomes[i] === 'late');
  const last = outcomes.at(-1);
  if (!isRan(last)) return { answer: undefined, deadly };
  const { dims } = last;
  const areRows = !isSingle && [...dims.values()].every(([rows]) => rows === severalRows);
  return { answer: { sizes: sizesOf(tried[outcomes.length - 1] as number), dims, areRows }, deadly };
}

/** A run that ended. */
export interface Ran {
  readonly dims: Answer['dims'];
  readonly ms: number;
  /** The most memory that the process had so far. */
  readonly peakKilobytes: number;
}

/** A run; or that it failed, or ended its process, or took longer than there was patience for. */
type Outcome = Ran | 'failed' | 'died' | 'late';

export function isRan(outcome: Outcome | undefined): outcome is Ran {
  return typeof outcome === 'object';
}

/** Runs the model on zeros, once for each list of inputs, until all or the first have run. There are fewer outcomes than lists where time was up. */
export function runZeros(
  path: string,
  lists: readonly (readonly TensorSpec[])[],
  until: 'all' | 'first',
  { runMs, allMs }: Patience = usualPatience,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const endsAt = performance.now() + allMs;
  let openMs = usualOpenMs;
  while (outcomes.length < lists.length && performance.now() < endsAt) {
    const words = [path, JSON.stringify(lists.slice(outcomes.length)), until];
    const { found, openedMs, end } = startTrial(words, openMs + runMs);
    outcomes.push(...found);
    if (end === 'ran') break;
    // The process that was late with several runs may have been in the middle of any: that one starts again alone.
    if (end === 'late' && found.length > 0) continue;
    // The weights, large or on a busy machine, took their run's time to open.
    if (end === 'late' && openedMs > openMs) openMs = 2 * openedMs;
    else outcomes.push(end);
  }
  return outcomes;
}

function startTrial(words: readonly string[], patienceMs: number) {
  const timeout = Math.ceil(patienceMs);
  const program = join(__dirname, 'trial-process.js');
  const { signal, stdout, error } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', timeout });
  const [opened = timeout, ...lines] = stdout.split('\n').filter((line) => line !== '');
  const isLate = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
  const end = signal === null ? 'ran' : isLate ? 'late' : 'died';
  return { found: lines.map(readOutcome), openedMs: Number(opened), end } as const;
}

function readOutcome(line: string): Outcome {
  const ran = JSON.parse(line) as (Omit<Ran, 'dims'> & { readonly dims: [string, number[]][] }) | null;
  return ran === null ? 'failed' : { ...ran, dims: new Map(ran.dims) };
}

function isAnyFree(inputs: readonly Value[], isSingle: boolean): boolean {
  return inputs.some(({ shape }) => shape.slice(isSingle ? 0 : 1).some((size) => typeof size !== 'number'));
}
