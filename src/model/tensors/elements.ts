/** Elements in JSON and in bytes: the columns of a datatype's row that follow from its kind and range. */
import { floatText, shortestFloat } from './decimal';
import { largestHalf, roundHalf } from './half';

export type Schema = Readonly<Record<string, unknown>>;

/** A number may have a fraction, an integer has none. */
export type Kind = 'number' | 'integer' | 'boolean' | 'text';

export interface ElementRow {
  readonly kind: Kind;
  /** Whether elements have an order. */
  readonly isNumeric: boolean;
  /** Whether elements are bigints, which `JSON.parse` would round. */
  readonly isLong: boolean;
  /** The initial value of a tensor, in JSON. */
  readonly zero: number | boolean | string;
  /** The element that stands for a missing value; undefined where none can. */
  readonly missing: number | string | undefined;
  /** The JSON Schema of a value in an instance. */
  readonly valueSchema: Schema;
  /** The JSON Schema of an element of an output. */
  readonly answerSchema: Schema;
  /** Completes "expected …" in messages. */
  readonly expected: string;
  /** Converts a JSON value to an element; undefined when it is not valid. */
  read(value: unknown): number | bigint | string | undefined;
  /** The JSON text of an element; null for NaN and the infinities. */
  write(element: unknown): string;
  /** Rounds a number to what a tensor can hold. */
  round(value: number): number;
  /** An element as the number that callers write. */
  toNumber(element: unknown): number;
  /** Undefined when any bytes are valid elements. */
  readonly byteRule: ByteRule | undefined;
}

/** Bytes can carry values that JSON cannot: NaN, infinities, and booleans other than 0 and 1. */
interface ByteRule {
  readonly expected: string;
  /** The index of the first invalid element, or -1. NaN is valid where values may be missing. */
  findStrange(elements: ArrayLike<unknown>, allowsMissing: boolean): number;
}

/** NaN and the infinities are written as null. */
export const numberOrNull: Schema = { type: ['number', 'null'] };

/** Lengths of arrays whose length is free: the largest, and the least. */
export interface Lengths {
  readonly most?: readonly number[];
  readonly least?: readonly number[];
}

/** The schema of nested arrays with these lengths around `element`; -1 is any length within the bounds. */
export function nestedArray(
  lengths: readonly number[],
  element: Schema,
  { most = [], least = [] }: Lengths = {},
): Schema {
  return lengths.reduceRight<Schema>((items, length, i) => {
    if (length !== -1) return { type: 'array', items, minItems: length, maxItems: length };
    const [minItems, maxItems] = [least[i] ?? -1, most[i] ?? -1];
    return { type: 'array', items, ...(minItems !== -1 && { minItems }), ...(maxItems !== -1 && { maxItems }) };
  }, element);
}

const plain = {
  isNumeric: true,
  isLong: false,
  missing: undefined,
  round: (value: number) => value,
  toNumber: Number,
  byteRule: undefined,
};

export const booleans: ElementRow = {
  ...plain,
  kind: 'boolean',
  isNumeric: false,
  zero: false,
  valueSchema: { type: 'boolean' },
  answerSchema: { type: 'boolean' },
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  write: (bit) => (bit === 0 ? 'false' : 'true'),
  byteRule: { expected: '0 or 1', findStrange: (bits) => (bits as Uint8Array).findIndex((bit) => bit > 1) },
};

export const texts: ElementRow = {
  ...plain,
  kind: 'text',
  isNumeric: false,
  zero: '',
  missing: '',
  valueSchema: { type: 'string' },
  answerSchema: { type: 'string' },
  expected: 'a string',
  read: (value) => (typeof value === 'string' ? value : undefined),
  write: JSON.stringify,
};

export function integers(minimum: number, maximum: number): ElementRow {
  const isInRange = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  return {
    ...plain,
    kind: 'integer',
    zero: 0,
    valueSchema: { type: 'integer', minimum, maximum },
    answerSchema: { type: 'integer' },
    expected: `an integer from ${minimum} to ${maximum}`,
    read: (value) => (isInRange(value) ? value : undefined),
    write: String,
  };
}

/** 64-bit integers. In instances, values are limited to what a double holds exactly. */
export function longIntegers(lowest: bigint, highest: bigint): ElementRow {
  const minimum = Math.max(Number(lowest), Number.MIN_SAFE_INTEGER);
  return {
    ...integers(minimum, Number.MAX_SAFE_INTEGER),
    isLong: true,
    expected: `an integer from ${lowest} to ${highest}`,
    read(value) {
      // A number beyond the safe range may already be rounded, so it is refused.
      const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value;
      return typeof integer === 'bigint' && integer >= lowest && integer <= highest ? integer : undefined;
    },
  };
}

function floats(largest: number) {
  return {
    ...plain,
    kind: 'number',
    zero: 0,
    missing: Number.NaN,
    valueSchema: { type: 'number' },
    answerSchema: numberOrNull,
    expected: 'a number',
    read(value) {
      // Exact parsing keeps an integer as a bigint where `JSON.parse` would round it.
      const number = typeof value === 'bigint' ? Number(value) : value;
      return typeof number === 'number' && Math.abs(number) <= largest ? number : undefined;
    },
    write: (element: unknown) => (Number.isFinite(element) ? String(element) : 'null'),
    byteRule: { expected: 'a finite number', findStrange: findNotFinite },
  } satisfies ElementRow;
}

function findNotFinite(elements: ArrayLike<unknown>, allowsMissing: boolean): number {
  for (let i = 0; i < elements.length; i++)
    if (!Number.isFinite(elements[i]) && !(allowsMissing && Number.isNaN(elements[i]))) return i;
  return -1;
}

export const float64s: ElementRow = floats(Number.MAX_VALUE);

const largestFloat32 = 3.4028234663852886e38;

/** Written as float32, which holds them exactly. */
export const float16s: ElementRow = {
  ...floats(largestHalf),
  valueSchema: { type: 'number', minimum: -largestHalf, maximum: largestHalf },
  expected: 'a number that fits a float16',
  write: floatText,
  round: roundHalf,
  toNumber: shortestFloat,
};

export const float32s: ElementRow = {
  ...floats(largestFloat32),
  valueSchema: { type: 'number', minimum: -largestFloat32, maximum: largestFloat32 },
  expected: 'a number that fits a float32',
  write: floatText,
  round: Math.fround,
  toNumber: shortestFloat,
};
