/** A model of any size, too large to keep as a file: the sum of an instance's numbers, by way of two long matrices. */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Field, float32, lengthOf, toModel, toNode, toTensorValue } from '../../onnx-file';

const numbers = 16;

export interface LargeModel {
  readonly directory: string;
  readonly bytes: number;
  remove(): void;
}

/** Writes weights of about so many bytes, their card and golden samples. */
export function writeLargeModel(bytes: number): LargeModel {
  const directory = mkdtempSync(join(tmpdir(), 'large-model-'));
  const pieces = toSum(Math.floor(bytes / 4 / (numbers + 1)));
  const file = openSync(join(directory, 'model.onnx'), 'w');
  writevSync(file, pieces);
  closeSync(file);
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  const weights = { file: 'model.onnx', sha256: hash.digest('hex'), bytes: lengthOf(pieces) };
  writeFileSync(join(directory, 'card.json'), JSON.stringify(toCard(weights)));
  const instances = [0, 1, 2].map((first) => Array.from({ length: numbers }, (_, i) => first + i / 8));
  const samples = instances.map((instance) => ({ instance, prediction: { value: sum(instance) } }));
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples }));
  return { directory, bytes: weights.bytes, remove: () => rmSync(directory, { recursive: true }) };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function toCard(weights: object): object {
  return {
    name: 'large',
    version: '1',
    title: 'Large',
    description: 'Sums numbers up.',
    intendedUse: 'Tests.',
    limits: [],
    task: 'regression',
    weights,
    inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, numbers] }],
    outputs: [{ name: 'Y', datatype: 'FP32', shape: [-1, 1], role: 'value' }],
    features: Array.from({ length: numbers }, (_, column) => ({
      name: `x${column}`,
      description: 'A number.',
      input: 'X',
      column,
    })),
    tolerance: 1e-3,
  };
}

/** `Y = (X · ones) · (1 / width)`. */
function toSum(width: number): Buffer[] {
  return toModel([
    toNode('MatMul', ['X', 'spread'], 'H'),
    toNode('MatMul', ['H', 'gather'], 'Y'),
    toMatrix('spread', numbers, width, 1),
    toMatrix('gather', width, 1, 1 / width),
    toTensorValue(11, 'X', ['rows', numbers]),
    toTensorValue(12, 'Y', ['rows', 1]),
  ]);
}

function toMatrix(name: string, rows: number, columns: number, value: number): Field {
  const elements = new Float32Array(rows * columns).fill(value);
  const raw = Buffer.from(elements.buffer);
  return [
    5,
    [
      [1, rows],
      [1, columns],
      [2, float32],
      [8, name],
      [9, raw],
    ],
  ];
}
