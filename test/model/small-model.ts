/** Writes a small model as a directory that is served. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, type Field, toModel } from '../onnx-file';

export interface SmallModel {
  readonly graph: readonly Field[];
  readonly columns: number;
  /** Elements of the output's row; one is a value, more are an embedding. */
  readonly width: number;
  /** Fields of the model itself, after those of the graph. */
  readonly more?: readonly Field[];
  readonly samples: readonly { readonly instance: readonly number[]; readonly answer: readonly number[] }[];
}

export interface WrittenModel {
  readonly directory: string;
  readonly weights: string;
  remove(): void;
}

/** Writes a directory with the model, a card with some more members, and its samples. */
export function writeModel(
  { graph, columns, width, samples, more = [] }: SmallModel,
  inCard: object = {},
): WrittenModel {
  const directory = mkdtempSync(join(tmpdir(), 'small-model-'));
  const bytes = Buffer.concat([...toModel(graph), ...encode(more)]);
  const role = width === 1 ? 'value' : 'embedding';
  const card = {
    name: 'small',
    version: '1',
    title: 'Small',
    description: 'For tests.',
    intendedUse: 'Tests.',
    limits: [],
    task: width === 1 ? 'regression' : 'embedding',
    weights: {
      file: 'model.onnx',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    },
    inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, columns] }],
    outputs: [{ name: 'Y', datatype: 'FP32', shape: [-1, width], role }],
    features: Array.from({ length: columns }, (_, column) => ({
      name: `x${column}`,
      description: 'A number.',
      input: 'X',
      column,
    })),
    ...inCard,
  };
  const golden = samples.map(({ instance, answer }) => ({
    instance,
    prediction: { [role]: width === 1 ? answer[0] : answer },
  }));
  writeFileSync(join(directory, 'model.onnx'), bytes);
  writeFileSync(join(directory, 'card.json'), JSON.stringify(card));
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples: golden }));
  return { directory, weights: join(directory, 'model.onnx'), remove: () => rmSync(directory, { recursive: true }) };
}
