/** Models whose outputs are not of the rows, or whose rows influence each other: each with samples that it repeats. */
import { toAttribute, toConstant, toNode, toTensorValue } from '../../onnx-file';
import type { SmallModel } from '../small-model';

const floats = (...values: number[]) => Float32Array.from(values);
const integers = (...values: number[]) => BigInt64Array.from(values.map((value) => BigInt.asUintN(64, BigInt(value))));

const input = (columns: number) => toTensorValue(11, 'X', ['rows', columns]);
const output = (rows: string, width: number) => toTensorValue(12, 'Y', [rows, width]);

/** `[column, value]` of each number above 0.5: as many results as there are such numbers. */
const detections: SmallModel = {
  graph: [
    toNode('Greater', ['X', 'half'], 'isFound'),
    toNode('NonZero', ['isFound'], 'found'),
    toNode('Transpose', ['found'], 'places'),
    toNode('GatherND', ['X', 'places'], 'values'),
    toNode('Unsqueeze', ['values', 'last'], 'column'),
    toNode('Gather', ['places', 'second'], 'placeOfColumn', [toAttribute('axis', 1)]),
    toNode('Cast', ['placeOfColumn'], 'place', [toAttribute('to', 1)]),
    toNode('Concat', ['place', 'column'], 'Y', [toAttribute('axis', 1)]),
    toConstant('half', [1], floats(0.5)),
    toConstant('last', [1], integers(1)),
    toConstant('second', [1], integers(1)),
    input(3),
    output('detections', 2),
  ],
  columns: 3,
  width: 2,
  samples: [
    { instance: [0.75, 0, 0], answer: [0, 0.75] },
    { instance: [0, 0, 0.625], answer: [2, 0.625] },
  ],
};

/** The first column is found unless it is 3, the second where it is 2; and where `Unsqueeze` puts a dimension. */
const notThreeOrTwo = [
  toConstant('wanted', [2], floats(3, 2)),
  [
    5,
    [
      [1, 2],
      [2, 9],
      [8, 'isFirst'],
      [9, Buffer.from([1, 0])],
    ],
  ],
  toConstant('last', [1], integers(1)),
] as const;

/** The detections again, but as many as one for every row that a load tries: only others show what it is. */
const sparse: SmallModel = {
  graph: [
    toNode('Equal', ['X', 'wanted'], 'isWanted'),
    toNode('Xor', ['isWanted', 'isFirst'], 'isFound'),
    toNode('NonZero', ['isFound'], 'found'),
    toNode('Transpose', ['found'], 'places'),
    toNode('GatherND', ['X', 'places'], 'values'),
    toNode('Unsqueeze', ['values', 'last'], 'Y'),
    ...notThreeOrTwo,
    input(2),
    output('detections', 1),
  ],
  columns: 2,
  width: 1,
  samples: [
    { instance: [1, 1], answer: [1] },
    { instance: [4, 5], answer: [4] },
  ],
};

/** A zero for each that the one above finds, by an operator whose size a number decides: nothing shows it beforehand. */
const counted: SmallModel = {
  graph: [
    toNode('Equal', ['X', 'wanted'], 'isWanted'),
    toNode('Xor', ['isWanted', 'isFirst'], 'isFound'),
    toNode('Cast', ['isFound'], 'ones', [toAttribute('to', 1)]),
    toNode('ReduceSum', ['ones'], 'count', [toAttribute('keepdims', 0)]),
    toNode('Range', ['zero', 'count', 'one'], 'numbers'),
    toNode('Mul', ['numbers', 'zero'], 'zeros'),
    toNode('Unsqueeze', ['zeros', 'last'], 'Y'),
    toConstant('zero', [], floats(0)),
    toConstant('one', [], floats(1)),
    ...notThreeOrTwo,
    input(2),
    output('counted', 1),
  ],
  columns: 2,
  width: 1,
  samples: [{ instance: [1, 1], answer: [0] }],
};

/** Boxes that are kept of two that are always the same, by the scores of a row: `[row, class, box]` of each. */
const suppression: SmallModel = {
  graph: [
    toNode('Unsqueeze', ['X', 'middle'], 'scores'),
    toNode('Shape', ['X'], 'rows', [toAttribute('end', 1)]),
    toNode('Concat', ['rows', 'sizes'], 'boxShape', [toAttribute('axis', 0)]),
    toNode('Expand', ['corners', 'boxShape'], 'boxes'),
    toNode('NonMaxSuppression', ['boxes', 'scores', 'most', 'overlap', 'least'], 'kept'),
    toNode('Cast', ['kept'], 'Y', [toAttribute('to', 1)]),
    toConstant('middle', [1], integers(1)),
    toConstant('sizes', [2], integers(2, 4)),
    toConstant('corners', [1, 2, 4], floats(0, 0, 1, 1, 2, 2, 3, 3)),
    toConstant('most', [1], integers(2)),
    toConstant('overlap', [1], floats(0.5)),
    toConstant('least', [1], floats(0.5)),
    input(2),
    output('kept', 3),
  ],
  columns: 2,
  width: 3,
  samples: [{ instance: [0.75, 0.25], answer: [0, 0, 0] }],
};

/** The rows laid on their side and cut anew: as many as before, of other rows' numbers. */
const onItsSide: SmallModel = {
  graph: [
    toNode('Transpose', ['X'], 'columns'),
    toNode('Reshape', ['columns', 'shape'], 'Y'),
    toConstant('shape', [2], integers(-1, 3)),
    input(3),
    output('rows', 3),
  ],
  columns: 3,
  width: 3,
  samples: [
    { instance: [5, 5, 5], answer: [5, 5, 5] },
    { instance: [5, 5, 5], answer: [5, 5, 5] },
  ],
};

/** Shares among the rows instead of among the columns. */
const softmaxOfRows: SmallModel = {
  graph: [toNode('Softmax', ['X'], 'Y', [toAttribute('axis', 0)]), input(2), output('rows', 2)],
  columns: 2,
  width: 2,
  samples: [{ instance: [1, 2], answer: [1, 1] }],
};

/** What a row has more than the mean of all. */
const overTheBatch: SmallModel = {
  graph: [
    toNode('ReduceMean', ['X'], 'mean', [toAttribute('axes', [0]), toAttribute('keepdims', 1)]),
    toNode('Sub', ['X', 'mean'], 'Y'),
    input(2),
    output('rows', 2),
  ],
  columns: 2,
  width: 2,
  samples: [{ instance: [1, 2], answer: [0, 0] }],
};

/** The sum of a row and of all before it. */
const runningSum: SmallModel = {
  graph: [toNode('CumSum', ['X', 'axis'], 'Y'), toConstant('axis', [], integers(0)), input(1), output('rows', 1)],
  columns: 1,
  width: 1,
  samples: [{ instance: [3], answer: [3] }],
};

/** Bytes whose scale the largest number of the batch decides. */
const quantized: SmallModel = {
  graph: [
    [
      1,
      [
        [1, 'X'],
        [2, 'bytes'],
        [2, 'scale'],
        [2, 'zero'],
        [4, 'DynamicQuantizeLinear'],
      ],
    ],
    toNode('MatMulInteger', ['bytes', 'weights', 'zero'], 'sums'),
    toNode('Cast', ['sums'], 'products', [toAttribute('to', 1)]),
    toNode('Mul', ['products', 'scale'], 'Y'),
    toConstant('weights', [2, 2], Uint8Array.of(1, 0, 0, 1)),
    input(2),
    output('rows', 2),
  ],
  columns: 2,
  width: 2,
  samples: [{ instance: [0, 255], answer: [0, 255] }],
};

export const coupledModels = {
  detections,
  sparse,
  counted,
  suppression,
  onItsSide,
  softmaxOfRows,
  overTheBatch,
  runningSum,
  quantized,
} as const;
