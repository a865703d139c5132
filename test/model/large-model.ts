/** A model of any size, too large to keep as a file: the sum of an instance's numbers, by way of two long matrices. */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A field of a protocol buffer: a number, text, bytes, or the fields of a message. */
type Field = readonly [field: number, value: number | string | Buffer | readonly Field[]];

const numbers = 16;
const float32 = 1;

export interface LargeModel {
  readonly directory: string;
  readonly bytes: number;
  remove(): void;
}

/** Writes weights of about so many bytes, their card and golden samples. */
export function writeLargeModel(bytes: number): LargeModel {
  const directory = mkdtempSync(join(tmpdir(), 'large-model-'));
  const pieces = toModel(Math.floor(bytes / 4 / (numbers + 1)));
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
function toModel(width: number): Buffer[] {
  const multiply = (left: string, right: string, result: string): Field => [
    1,
    [...[left, right].map((name): Field => [1, name]), [2, result], [4, 'MatMul']],
  ];
  return encode([
    [1, 8],
    [8, [[2, 17]]],
    [
      7,
      [
        multiply('X', 'spread', 'H'),
        multiply('H', 'gather', 'Y'),
        [2, 'sum'],
        toMatrix('spread', numbers, width, 1),
        toMatrix('gather', width, 1, 1 / width),
        [11, toValue('X', numbers)],
        [12, toValue('Y', 1)],
      ],
    ],
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

function toValue(name: string, columns: number): readonly Field[] {
  const dimensions: Field[] = [
    [1, [[2, 'rows']]],
    [1, [[1, columns]]],
  ];
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, float32],
            [2, dimensions],
          ],
        ],
      ],
    ],
  ];
}

/** The bytes in pieces: what is large is not copied. */
function encode(fields: readonly Field[]): Buffer[] {
  return fields.flatMap(([field, value]) => {
    if (typeof value === 'number') return [Buffer.from([...toVarint(field << 3), ...toVarint(value)])];
    const pieces = toPieces(value);
    return [Buffer.from([...toVarint((field << 3) | 2), ...toVarint(lengthOf(pieces))]), ...pieces];
  });
}

function toPieces(value: string | Buffer | readonly Field[]): Buffer[] {
  if (typeof value === 'string') return [Buffer.from(value)];
  return Buffer.isBuffer(value) ? [value] : encode(value as readonly Field[]);
}

function toVarint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...toVarint(Math.floor(value / 128))];
}

function lengthOf(pieces: readonly Buffer[]): number {
  return sum(pieces.map(({ length }) => length));
}
