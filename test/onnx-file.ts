/** Writes ONNX files, which are protocol buffers, for models that are too large or too odd to keep. */

/** A field of a message: a number, text, bytes, or the fields of a message within. */
export type Field = readonly [field: number, value: number | string | Buffer | readonly Field[]];

export const float32 = 1;

/** A ModelProto of opset 17 around the fields of its graph. */
export function toModel(graph: readonly Field[]): Buffer[] {
  const opset = (domain: string, version: number): Field => [
    8,
    [
      [1, domain],
      [2, version],
    ],
  ];
  return encode([[1, 8], opset('', 17), opset('ai.onnx.ml', 3), [7, [[2, 'test'], ...graph]]]);
}

export function toNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  more: readonly Field[] = [],
): Field {
  return [1, [...inputs.map((name): Field => [1, name]), [2, output], [4, operator], ...more]];
}

/** An input (11) or output (12); a dimension that is a string is free, and has this name. */
export function toTensorValue(
  kind: 11 | 12,
  name: string,
  shape: readonly (number | string)[],
  type: number = float32,
): Field {
  const dimensions = shape.map((size): Field => [1, [typeof size === 'number' ? [1, size] : [2, size]]]);
  return [
    kind,
    [
      [1, name],
      [
        2,
        [
          [
            1,
            [
              [1, type],
              [2, dimensions],
            ],
          ],
        ],
      ],
    ],
  ];
}

/** Writes an attribute of one integer (type 2) or of several (type 7). */
export function toAttribute(name: string, value: number | readonly number[]): Field {
  const isList = typeof value !== 'number';
  const integers: Field[] = isList ? value.map((each): Field => [8, each]) : [[3, value]];
  return [5, [[1, name], ...integers, [20, isList ? 7 : 2]]];
}

const int64 = 7;

/** A tensor of the graph, of float32 unless told otherwise. */
export function toConstant(
  name: string,
  shape: readonly number[],
  values: Float32Array | BigInt64Array | Uint8Array,
): Field {
  const type = values instanceof Float32Array ? float32 : values instanceof Uint8Array ? 2 : int64;
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return [5, [...shape.map((size): Field => [1, size]), [2, type], [8, name], [9, raw]]];
}

/** The bytes in pieces: what is large is not copied. */
export function encode(fields: readonly Field[]): Buffer[] {
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

export function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
