/** Nobody gets a number that he would not get alone, whatever a model does with the rows of a run. */
import '../realm';
import fc, { type Arbitrary } from 'fast-check';
import { readConfig } from '../../src/config';
import { readCard } from '../../src/model/card/card';
import { createModel, type Model } from '../../src/model/model';
import { openSession } from '../../src/model/runtime/session';
import { type Answer, predict } from '../model/first-output';
import { type SmallModel, writeModel } from '../model/small-model';
import { type Field, toAttribute, toConstant, toNode, toTensorValue } from '../onnx-file';
import { seed } from './seed';

const isThorough = process.env.FUZZ_RUNS !== undefined;
const runs = isThorough ? Math.ceil(Number(process.env.FUZZ_RUNS) / 100) : 30;

const maxColumns = 3;
const integers = (...values: number[]) => BigInt64Array.from(values.map((value) => BigInt(value)));

/** A step of a graph, from one tensor of so many columns to another. */
type Step = (from: string, to: string, columns: number) => readonly Field[];

const ofRows: Readonly<Record<string, Step>> = {
  identity: (from, to) => [toNode('Identity', [from], to)],
  negative: (from, to) => [toNode('Neg', [from], to)],
  double: (from, to) => [toNode('Add', [from, from], to)],
  shares: (from, to) => [toNode('Softmax', [from], to, [toAttribute('axis', 1)])],
};
const ofTheBatch: Readonly<Record<string, Step>> = {
  sideways: (from, to, columns) => [
    toNode('Transpose', [from], `${to}Turned`),
    toConstant(`${to}Shape`, [2], integers(-1, columns)),
    toNode('Reshape', [`${to}Turned`, `${to}Shape`], to),
  ],
  'shares among rows': (from, to) => [toNode('Softmax', [from], to, [toAttribute('axis', 0)])],
  'sum so far': (from, to) => [toConstant(`${to}Axis`, [], integers(0)), toNode('CumSum', [from, `${to}Axis`], to)],
  'over the mean': (from, to) => [
    toNode('ReduceMean', [from], `${to}Mean`, [toAttribute('axes', [0]), toAttribute('keepdims', 1)]),
    toNode('Sub', [from, `${to}Mean`], to),
  ],
  'over the largest of all': (from, to) => [
    toNode('ReduceMax', [from], `${to}Most`, [toAttribute('axes', [0]), toAttribute('keepdims', 1)]),
    toNode('Sub', [from, `${to}Most`], to),
  ],
  'rows twice': (from, to) => [toNode('Concat', [from, from], to, [toAttribute('axis', 0)])],
  'one row of all': (from, to) => [toNode('ReduceSum', [from], to, [toAttribute('keepdims', 1)])],
  'columns first': (from, to) => [toNode('Transpose', [from], to)],
  'places of what is there': (from, to) => [
    toNode('NonZero', [from], `${to}Places`),
    toNode('Cast', [`${to}Places`], `${to}Numbers`, [toAttribute('to', 1)]),
    toNode('Transpose', [`${to}Numbers`], to),
  ],
};
const steps = { ...ofRows, ...ofTheBatch };

interface Case {
  readonly columns: number;
  readonly chain: readonly string[];
  readonly maxBatchRows: number | undefined;
  readonly sample: readonly number[];
  /** The rows of each caller. */
  readonly callers: readonly (readonly (readonly number[])[])[];
}

const cases: Arbitrary<Case> = fc.integer({ min: 1, max: maxColumns }).chain((columns) => {
  const row = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns });
  return fc.record({
    columns: fc.constant(columns),
    chain: fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 3 }),
    maxBatchRows: fc.constantFrom(undefined, undefined, 1),
    sample: row,
    callers: fc.array(fc.array(row, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
  });
});

function toSmallModel({ chain, columns }: Case): Omit<SmallModel, 'samples'> {
  const nodes = chain.flatMap((name, i) => {
    const to = i === chain.length - 1 ? 'Y' : `T${i}`;
    return (steps[name] as Step)(i === 0 ? 'X' : `T${i - 1}`, to, columns);
  });
  const free = toTensorValue(12, 'Y', ['results', columns]);
  return { graph: [...nodes, toTensorValue(11, 'X', ['rows', columns]), free], columns, width: columns };
}

/** Rounding differs with the number of rows. */
const tolerance = 1e-4;

function isTheSame(answer: Answer, other: Answer): boolean {
  if (typeof answer === 'string' || typeof other === 'string' || answer.length !== other.length) return false;
  const others = other.flat();
  return answer.flat().every((value, i) => Math.abs(value - (others[i] as number)) <= tolerance);
}

/** What each row of a caller gets when nothing else runs; a failure where one fails. */
async function predictAlone(model: Model, rows: readonly (readonly number[])[]): Promise<Answer> {
  const values: (readonly number[])[] = [];
  for (const each of rows) {
    const answer = await predict(model, [each]);
    if (typeof answer === 'string') return answer;
    values.push(...answer);
  }
  return values;
}

/** What the runtime itself gives for a row; the row where that cannot be run. */
async function answerOf(directory: string, instance: readonly number[]): Promise<number[]> {
  const session = await openSession(directory, readCard(directory).card, { threads: 1 }).catch(() => undefined);
  const rows = { rows: 1, data: [Float32Array.from(instance)] };
  const outputs = await session?.run(() => rows).catch(() => undefined);
  await session?.release();
  return [...((outputs?.data[0] ?? instance) as readonly number[])];
}

/** Serves a model that repeats its sample, as every packaged one does. */
async function serve(tried: Case): Promise<{ model: Model; stop: () => Promise<void> }> {
  const { maxBatchRows, sample } = tried;
  const small = { ...toSmallModel(tried), samples: [] };
  const more = maxBatchRows === undefined ? {} : { maxBatchRows };
  const trial = writeModel(small, more);
  const answer = await answerOf(trial.directory, sample);
  trial.remove();
  const { directory, remove } = writeModel({ ...small, samples: [{ instance: sample, answer }] }, more);
  const model = createModel(readConfig({ MODEL_DIR: directory, LOAD_RETRY_MS: '0' }));
  await model.load().catch(() => undefined);
  return { model, stop: () => model.release().then(remove) };
}

test(
  `${runs} models (FUZZ_SEED=${seed})`,
  async () => {
    let served = 0;
    const property = fc.asyncProperty(cases, async (each) => {
      const { model, stop } = await serve(each);
      try {
        const together = await Promise.all(each.callers.map((rows) => predict(model, rows)));
        const answered = together.flatMap((answer, i) => (typeof answer === 'string' ? [] : [{ answer, i }]));
        for (const { answer, i } of answered) {
          const alone = await predictAlone(model, each.callers[i] as Case['callers'][number]);
          if (!isTheSame(answer, alone)) expect(answer).toEqual(alone);
        }
        if (answered.length > 0) served++;
      } finally {
        await stop();
      }
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    // A property of models that are all refused would say nothing.
    expect(served).toBeGreaterThan(runs / 20);
  },
  300_000 + runs * 1000,
);
