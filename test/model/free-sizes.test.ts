/** Models beyond rows of fixed sizes: single instances, sizes that callers choose, constants, outputs of any length. */
import '../realm';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config';
import { predict } from '../../src/model/batching/predict';
import { createModel, type Model } from '../../src/model/model';
import { Problem } from '../../src/problem';
import { inTurns } from '../../src/turns';
import { type Field, toAttribute, toConstant, toModel, toNode, toTensorValue } from '../onnx-file';

const open: { model: Model; directory: string }[] = [];

afterAll(async () => {
  for (const { model, directory } of open) {
    await model.release();
    rmSync(directory, { recursive: true });
  }
});

function serve(graph: readonly Field[], card: object, samples: readonly object[]): Model {
  const directory = mkdtempSync(join(tmpdir(), 'free-sizes-'));
  const bytes = Buffer.concat(toModel(graph));
  const document = {
    name: 'free',
    version: '1',
    title: 'Free',
    description: 'For tests.',
    intendedUse: 'Tests.',
    limits: [],
    task: 'tensors',
    weights: { file: 'model.onnx', sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length },
    ...card,
  };
  writeFileSync(join(directory, 'model.onnx'), bytes);
  writeFileSync(join(directory, 'card.json'), JSON.stringify(document));
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples }));
  const model = createModel(readConfig({ MODEL_DIR: directory, LOAD_RETRY_MS: '0' }));
  open.push({ model, directory });
  return model;
}

async function ask(model: Model, instances: unknown): Promise<unknown> {
  try {
    const rows = await inTurns(model.contract.readInstances(instances, '/instances'));
    const outputs = await predict(model.submit, rows, { isGone: () => false });
    return outputs.flatMap(({ tensors, from, to }) =>
      Array.from({ length: to - from }, (_, i) => JSON.parse(model.write.prediction(tensors, from + i))),
    );
  } catch (failure) {
    if (failure instanceof Problem) return failure.message;
    throw failure;
  }
}

const feature = (input: string, shape?: readonly number[]) => ({
  name: input.toLowerCase(),
  description: 'Numbers.',
  input,
  column: 0,
  ...(shape && { shape }),
});
const fp32 = (name: string, shape: readonly number[], more: object = {}) => ({
  name,
  datatype: 'FP32',
  shape,
  ...more,
});
const output = (name: string, shape: readonly number[]) => fp32(name, shape, { role: 'tensor' });

describe('sizes beside the rows that callers choose', () => {
  const graph = [
    toNode('Add', ['X', 'X'], 'Y'),
    toTensorValue(11, 'X', ['rows', 'length']),
    toTensorValue(12, 'Y', ['rows', 'length']),
  ];
  const card = {
    inputs: [fp32('X', [-1, -1], { maxShape: [-1, 4] })],
    outputs: [output('Y', [-1, -1])],
    features: [feature('X', [-1])],
  };
  const samples = [
    { instance: [[1, 2]], prediction: { Y: [2, 4] } },
    { instance: [[3]], prediction: { Y: [6] } },
    { instance: [[5, 6]], prediction: { Y: [10, 12] } },
  ];
  const model = serve(graph, card, samples);

  test('are answered with their own sizes, in order', async () => {
    const rows = [[[1, 2, 3]], [[4]], [[5, 6, 7]], [[8, 9]]];
    expect(await ask(model, rows)).toEqual([{ Y: [2, 4, 6] }, { Y: [8] }, { Y: [10, 12, 14] }, { Y: [16, 18] }]);
  });

  test('are joined over callers who arrive together, and nobody gets the rows of another', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => [Array.from({ length: 1 + (i % 4) }, () => i)]);
    const answers = await Promise.all(rows.map((row) => ask(model, [row])));
    expect(answers).toEqual(rows.map(([row]) => [{ Y: row?.map((value) => 2 * value) }]));
  });

  test('are limited by the card', async () => {
    expect(await ask(model, [[[1, 2, 3, 4, 5]]])).toBe(
      '/instances/0/0: x: expected an array of 1 to 4, got an array of 5.',
    );
  });

  test('may not be values of another type', async () => {
    expect(await ask(model, [[[1, 'a']]])).toMatch(
      '/instances/0/0/1: x: expected a number that fits a float32, got the string "a".',
    );
  });
});

describe('a model of single instances', () => {
  test('gives as many results as the instance has', async () => {
    const graph = [
      toNode('NonZero', ['X'], 'P'),
      toNode('Cast', ['P'], 'Y', [toAttribute('to', 1)]),
      toTensorValue(11, 'X', ['length']),
      toTensorValue(12, 'Y', [1, 'count']),
    ];
    const model = serve(
      graph,
      {
        runs: 'single',
        inputs: [fp32('X', [-1], { maxShape: [16] })],
        outputs: [output('Y', [1, -1])],
        features: [feature('X', [-1])],
      },
      [{ instance: [[1, 0, 2]], prediction: { Y: [[0, 2]] } }],
    );
    const rows = [[[0, 3, 0, 4]], [[0]], [[1, 1, 1]]];
    expect(await ask(model, rows)).toEqual([{ Y: [[1, 3]] }, { Y: [[]] }, { Y: [[0, 1, 2]] }]);
    expect(await Promise.all(rows.map((row) => ask(model, [row])))).toEqual([
      [{ Y: [[1, 3]] }],
      [{ Y: [[]] }],
      [{ Y: [[0, 1, 2]] }],
    ]);
  });

  test('takes a fixed batch of one, scalars and constants', async () => {
    const graph = [
      toNode('Mul', ['X', 'S'], 'M'),
      toNode('Add', ['M', 'C'], 'Y'),
      toTensorValue(11, 'X', [1, 2]),
      toTensorValue(11, 'S', []),
      toTensorValue(11, 'C', [1]),
      toTensorValue(12, 'Y', [1, 2]),
    ];
    const model = serve(
      graph,
      {
        runs: 'single',
        inputs: [fp32('X', [1, 2]), fp32('S', []), fp32('C', [1], { value: 100 })],
        outputs: [output('Y', [1, 2])],
        features: [feature('X', [2]), feature('S')],
      },
      [{ instance: [[0, 1], 2], prediction: { Y: [[100, 102]] } }],
    );
    expect(
      await ask(model, [
        { x: [1, 2], s: 3 },
        { x: [4, 5], s: 10 },
      ]),
    ).toEqual([{ Y: [[103, 106]] }, { Y: [[140, 150]] }]);
  });

  test('tells the caller what the model cannot run, and answers the others of the turn', async () => {
    const graph = [
      toConstant('shape', [2], BigInt64Array.from([-1n, 2n])),
      toNode('Reshape', ['X', 'shape'], 'Y'),
      toTensorValue(11, 'X', ['length']),
      toTensorValue(12, 'Y', ['pairs', 2]),
    ];
    const model = serve(
      graph,
      {
        runs: 'single',
        inputs: [fp32('X', [-1], { maxShape: [16] })],
        outputs: [output('Y', [-1, 2])],
        features: [feature('X', [-1])],
      },
      [{ instance: [[1, 2]], prediction: { Y: [[1, 2]] } }],
    );
    const [good, bad] = await Promise.all([ask(model, [[[1, 2, 3, 4]]]), ask(model, [[[1, 2, 3]]])]);
    expect(good).toEqual([
      {
        Y: [
          [1, 2],
          [3, 4],
        ],
      },
    ]);
    expect(bad).toMatch('The model cannot run an instance of these sizes.');
  });
});
