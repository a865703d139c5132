/** A model whose rows are images: one row holds more numbers than ten megabytes of JSON have room for, so that no count of rows bounds a body. */

import { type WrittenModel, writeModel } from '../model/small-model';
import { toAttribute, toNode, toTensorValue } from '../onnx-file';

const channels = 3;
const size = 224;
const shape = [channels, size, size];
const black = Array.from({ length: channels }, () => Array.from({ length: size }, () => Array(size).fill(0)));

/** Gives the mean of each colour. */
export function writeImageModel(): WrittenModel {
  return writeModel(
    {
      graph: [
        toNode('ReduceMean', ['X'], 'Y', [toAttribute('axes', [2, 3]), toAttribute('keepdims', 0)]),
        toTensorValue(11, 'X', ['rows', ...shape]),
        toTensorValue(12, 'Y', ['rows', channels]),
      ],
      columns: channels,
      width: channels,
      samples: [{ instance: [black] as never, answer: Array(channels).fill(0) }],
    },
    {
      inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, ...shape] }],
      features: [{ name: 'image', description: 'Light.', input: 'X', column: 0, shape }],
    },
  );
}
