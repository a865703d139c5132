/**
 * Runs two files of weights on the same random values and prints how far their answers are apart, in a process of its own: some
 * weights end the process when they cannot run.
 *
 * Its words are both files and a `Comparison`. The last line of its output is a `Compared`.
 */
import { writeSync } from 'node:fs';
import { openWeights, type Result } from '../../../model/runtime/session';
import { datatypes } from '../../../model/tensors/datatypes';
import { createData, type Elements, elementCount, type TensorSpec } from '../../../model/tensors/tensors';

export interface Comparison {
  /** The inputs, in sizes that the first file takes. */
  readonly specs: readonly TensorSpec[];
  /** Runs of the first file. */
  readonly runs: number;
  /** Inputs that the second file takes from all runs at once, one behind the other; the others are the same in each run. */
  readonly joined: readonly string[];
  /** Values are drawn up to this size. */
  readonly scale: number;
}

export interface Compared {
  /** The largest difference: absolute up to 1, relative beyond; -1 where dimensions differ. */
  readonly difference: number;
  /** Dimensions of the second file's outputs, by name, in its last run. */
  readonly dims: readonly (readonly [string, readonly number[]])[];
}

type Feed = Parameters<Awaited<ReturnType<typeof openWeights>>['run']>[0][number];

async function main([original = '', adapted = '', words = '']: readonly string[]): Promise<void> {
  const { specs, runs, joined, scale } = JSON.parse(words) as Comparison;
  const [first, second] = [await openWeights(original), await openWeights(adapted)];
  const random = createRandom();
  const isJoined = (spec: TensorSpec) => joined.includes(spec.name);
  const shared = new Map(specs.map((spec) => [spec, draw(spec, random, scale)]));
  const areJoined = joined.length > 0;
  const drawn = (spec: TensorSpec) =>
    areJoined && !isJoined(spec) ? (shared.get(spec) as Feed) : draw(spec, random, scale);
  const feeds = Array.from({ length: runs }, () => specs.map(drawn));
  const expected: ReadonlyMap<string, Result>[] = [];
  for (const each of feeds) expected.push(await first.run(each));
  const compared: Compared[] = [];
  if (areJoined) compared.push(compare(join(expected), await second.run(joinFeeds(feeds, isJoined))));
  else
    for (const [i, each] of feeds.entries()) compared.push(compare(expected[i] ?? new Map(), await second.run(each)));
  const difference = worstOf(compared.map((each) => each.difference));
  writeSync(1, `${JSON.stringify({ difference, dims: compared.at(-1)?.dims ?? [] } satisfies Compared)}\n`);
}

/** The same on every run: https://en.wikipedia.org/wiki/Linear_congruential_generator, with Knuth's constants for MMIX. */
function createRandom(): () => number {
  let state = 1n;
  return () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 11n) / 2 ** 53;
  };
}

function draw(spec: TensorSpec, random: () => number, scale: number): Feed {
  const data = createData(spec.datatype, elementCount(spec.shape));
  const { read } = datatypes[spec.datatype];
  for (let i = 0; i < data.length; i++) {
    const value = random() * scale;
    // The first form that the datatype takes: a fraction, an integer, a boolean, a string.
    const forms = [value, Math.floor(value * 2), value < scale / 2, 'abc'.slice(0, Math.floor(value * 3))];
    (data as unknown[])[i] = forms.map(read).find((element) => element !== undefined);
  }
  return { spec, shape: spec.shape, data };
}

function joinFeeds(feeds: readonly (readonly Feed[])[], isJoined: (spec: TensorSpec) => boolean): readonly Feed[] {
  return (feeds[0] ?? []).map((one, i) => {
    const { spec, shape } = one;
    if (!isJoined(spec)) return one;
    const [rows = 1, ...sizes] = shape;
    const data = feeds.flatMap((feed) => Array.from((feed[i] as Feed).data as ArrayLike<unknown>));
    const joined = createData(spec.datatype, data.length);
    for (const [at, element] of data.entries()) (joined as unknown[])[at] = element;
    return { spec, shape: [rows * feeds.length, ...sizes], data: joined as Elements };
  });
}

function join(results: readonly ReadonlyMap<string, Result>[]): ReadonlyMap<string, Result> {
  return new Map(
    Array.from(
      results[0] ?? [],
      ([
        name,
        {
          dims: [rows = 1, ...sizes],
        },
      ]) => [
        name,
        {
          dims: [rows * results.length, ...sizes],
          data: results.flatMap((result) => Array.from(result.get(name)?.data ?? [])),
        },
      ],
    ),
  );
}

function compare(expected: ReadonlyMap<string, Result>, got: ReadonlyMap<string, Result>): Compared {
  const difference = worstOf(Array.from(expected, ([name, result]) => differenceOf(result, got.get(name))));
  return { difference, dims: Array.from(got, ([name, { dims }]) => [name, dims] as const) };
}

const worstOf = (differences: readonly number[]) => (differences.includes(-1) ? -1 : Math.max(0, ...differences));

function differenceOf(expected: Result, got: Result | undefined): number {
  if (got === undefined || String(got.dims) !== String(expected.dims)) return -1;
  let largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [one, other] = [expected.data[i], got.data[i]];
    if (one === other || (Number.isNaN(Number(one)) && String(one) === String(other))) continue;
    const distance = Math.abs(Number(one) - Number(other)) / Math.max(1, Math.abs(Number(one)));
    largest = Math.max(largest, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  }
  return Number.isFinite(largest) ? largest : Number.MAX_VALUE;
}

main(process.argv.slice(2)).catch(({ message }: Error) => {
  process.stderr.write(message);
  process.exitCode = 1;
});
