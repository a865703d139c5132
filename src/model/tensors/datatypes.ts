/** The datatypes of the Open Inference Protocol, one row each: in the runtime, in memory, in bytes and in JSON. */
import { booleans, type ElementRow, float16s, float32s, float64s, integers, longIntegers, texts } from './elements';
import { halfPacking, type Packing } from './half';

const table = {
  BOOL: { runtime: 'bool', array: Uint8Array, bytes: 1, ...booleans },
  UINT8: { runtime: 'uint8', array: Uint8Array, bytes: 1, ...integers(0, 255) },
  UINT16: { runtime: 'uint16', array: Uint16Array, bytes: 2, ...integers(0, 65_535) },
  UINT32: { runtime: 'uint32', array: Uint32Array, bytes: 4, ...integers(0, 4_294_967_295) },
  UINT64: { runtime: 'uint64', array: BigUint64Array, bytes: 8, ...longIntegers(0n, 2n ** 64n - 1n) },
  INT8: { runtime: 'int8', array: Int8Array, bytes: 1, ...integers(-128, 127) },
  INT16: { runtime: 'int16', array: Int16Array, bytes: 2, ...integers(-32_768, 32_767) },
  INT32: { runtime: 'int32', array: Int32Array, bytes: 4, ...integers(-2_147_483_648, 2_147_483_647) },
  INT64: { runtime: 'int64', array: BigInt64Array, bytes: 8, ...longIntegers(-(2n ** 63n), 2n ** 63n - 1n) },
  FP16: { runtime: 'float16', array: Float32Array, bytes: 2, packing: halfPacking, ...float16s },
  FP32: { runtime: 'float32', array: Float32Array, bytes: 4, ...float32s },
  FP64: { runtime: 'float64', array: Float64Array, bytes: 8, ...float64s },
  // Strings vary in length.
  BYTES: { runtime: 'string', array: Array<string>, bytes: undefined, ...texts },
} as const;

type Row = (typeof table)[keyof typeof table];

export type Datatype = keyof typeof table;
/** ONNX Runtime's name for a datatype. */
type RuntimeType = Row['runtime'];

/** A datatype whose elements have a fixed size, in memory and on the wire. */
export interface SizedRow extends ElementRow {
  readonly runtime: RuntimeType;
  readonly array: Extract<Row, { readonly bytes: number }>['array'];
  /** Of an element on the wire. */
  readonly bytes: number;
  /** Where elements lie in memory in another way than on the wire and in the runtime. */
  readonly packing?: Packing;
}

export interface TextRow extends ElementRow {
  readonly runtime: RuntimeType;
  readonly array: Extract<Row, { readonly bytes: undefined }>['array'];
  readonly bytes: undefined;
  readonly packing?: undefined;
}

export const datatypes: Readonly<Record<Datatype, SizedRow | TextRow>> = table;

export function isDatatype(name: string): name is Datatype {
  return Object.hasOwn(datatypes, name);
}

export function toRuntimeType(datatype: Datatype): RuntimeType {
  return datatypes[datatype].runtime;
}

/** The datatype with this runtime name; undefined when it is not supported. */
export function datatypeOf(type: string): Datatype | undefined {
  const names = Object.keys(datatypes) as Datatype[];
  return names.find((name) => datatypes[name].runtime === type);
}
