/** Fields of models with a tensor in another file, in every place that a tensor may have. */
import { type Field, float32, toConstant, toNode, toTensorValue } from '../../onnx-file';
import type { SmallModel } from '../small-model';

export const dataFile = 'model.onnx.data';
/** What the other file holds. */
export const ones = new Float32Array(8).fill(1);

const dims: readonly Field[] = [
  [1, 4],
  [1, 2],
];
const type: Field = [2, float32];
const name: Field = [8, 'w'];
const elsewhere: readonly Field[] = [
  [
    13,
    [
      [1, 'location'],
      [2, dataFile],
    ],
  ],
  [14, 1],
];
export const tensor: readonly Field[] = [...dims, type, name, ...elsewhere];
const indices: readonly Field[] = [
  [1, 1],
  [2, 7],
  [8, 'i'],
  [9, Buffer.alloc(8)],
];
const sparse: readonly Field[] = [
  [1, tensor],
  [2, indices],
  [3, 1],
];

const inner: readonly Field[] = [
  [2, 'inner'],
  [5, tensor],
  toNode('Identity', ['w'], 'v'),
  toTensorValue(12, 'v', [4, 2]),
];
const withAttribute = (...attribute: Field[]): Field =>
  toNode('Constant', [], 'c', [[5, [[1, 'value'], ...attribute]]]);
/** A branch within a branch. */
const nested: Field = toNode('If', ['condition'], 'b', [
  [
    5,
    [
      [1, 'then_branch'],
      [
        6,
        [
          toNode('If', ['condition'], 'a', [
            [
              5,
              [
                [1, 'else_branch'],
                [6, inner],
                [20, 5],
              ],
            ],
          ]),
        ],
      ],
      [20, 5],
    ],
  ],
]);

/** `Y = X · w`, where `w` is all ones unless `graph` has another. */
export function toProduct(graph: readonly Field[], more: readonly Field[] = []): SmallModel {
  const own = graph.some(([, value]) => value === tensor) ? [] : [toConstant('w', [4, 2], ones)];
  return {
    graph: [
      toNode('MatMul', ['X', 'w'], 'Y'),
      ...own,
      ...graph,
      toTensorValue(11, 'X', ['rows', 4]),
      toTensorValue(12, 'Y', ['rows', 2]),
    ],
    more,
    columns: 4,
    width: 2,
    samples: [{ instance: [1, 0, 0, 0], answer: [1, 1] }],
  };
}

/** Where a tensor may be kept elsewhere: fields of the graph, and of the model. */
export const places: readonly [title: string, graph: readonly Field[], ofModel: readonly Field[]][] = [
  ['that is an initializer', [[5, tensor]], []],
  ['that is sparse', [[15, sparse]], []],
  ['in an attribute', [withAttribute([5, tensor], [20, 4])], []],
  ['in a list of an attribute', [withAttribute([10, tensor], [20, 9])], []],
  ['in a sparse attribute', [withAttribute([22, sparse], [20, 11])], []],
  ['in a list of sparse ones', [withAttribute([23, sparse], [20, 12])], []],
  ['in a branch of a branch', [nested], []],
  ['in a list of graphs', [withAttribute([11, inner], [20, 10])], []],
  [
    'in a function',
    [],
    [
      [
        25,
        [
          [1, 'f'],
          [
            7,
            [
              [4, 'Constant'],
              [
                5,
                [
                  [1, 'value'],
                  [5, tensor],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  ],
  [
    'in a default of a function',
    [],
    [
      [
        25,
        [
          [1, 'f'],
          [
            11,
            [
              [1, 'a'],
              [5, tensor],
            ],
          ],
        ],
      ],
    ],
  ],
  ['of a training', [], [[20, [[2, inner]]]]],
  ['of the start of a training', [], [[20, [[1, inner]]]]],
  ['in a second part of the graph', [], [[7, [[5, tensor]]]]],
  ['whose place is said alone', [[5, [...dims, type, name, elsewhere[0] as Field]]], []],
];
