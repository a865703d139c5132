/** Trials count how long the model runs, not how long a process takes to start and to open the weights. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRan, runZeros } from '../../../../dist/commands/model/trials/trial-run';
import { modelDirectory } from '../../../model-files';
import { type Field, toConstant, toModel, toNode, toTensorValue } from '../../../onnx-file';

const directory = mkdtempSync(join(tmpdir(), 'trial '));
afterAll(() => rmSync(directory, { recursive: true }));

const allMs = Number.POSITIVE_INFINITY;
const [int64, bool] = [7, 9];

/** A loop that ends after years. */
function writeEndless(): string {
  const values = [
    toTensorValue(11, 'turn', [], int64),
    toTensorValue(11, 'on', [], bool),
    toTensorValue(11, 'x', ['rows', 2]),
    toTensorValue(12, 'on_again', [], bool),
    toTensorValue(12, 'x_again', ['rows', 2]),
  ];
  const body: Field = [
    5,
    [
      [1, 'body'],
      [6, [toNode('Identity', ['on'], 'on_again'), toNode('Identity', ['x'], 'x_again'), [2, 'body'], ...values]],
      [20, 5],
    ],
  ];
  const path = join(directory, 'endless.onnx');
  const graph = [
    toNode('Loop', ['times', '', 'X'], 'Y', [body]),
    toConstant('times', [], BigInt64Array.of(2n ** 50n)),
    toTensorValue(11, 'X', ['rows', 2]),
    toTensorValue(12, 'Y', ['rows', 2]),
  ];
  writeFileSync(path, Buffer.concat(toModel(graph)));
  return path;
}

test.each([
  ['has its time, however short, after the weights are open', join(modelDirectory, 'model.onnx'), 4, 20, true],
  ['that does not end is late', writeEndless(), 2, 100, false],
])('a run %s', (_, path, width, runMs, ran) => {
  const [outcome] = runZeros(path, [[{ name: 'X', datatype: 'FP32', shape: [1, width] }]], 'all', { runMs, allMs });
  expect([isRan(outcome), outcome === 'late']).toEqual([ran, !ran]);
});
