/** What an element is in JSON and in bytes: the columns of a datatype's row that follow from its kind and its range. */
import { floatText, shortestFloat } from './decimal';

export type Schema = Readonly<Record<string, unknown>>;

/** A number may have a fraction, an integer has none. */
export type Kind = 'number' | 'integer' | 'boolean' | 'text';

export interface ElementRow {
  readonly kind: Kind;
  /** Whether one element may be larger than another. */
  readonly isNumeric: boolean;
  /** Whether elements are bigints, more than `JSON.parse` can hold. */
  readonly isLong: boolean;
  /** The JSON value that a new tensor is filled with. */
  readonly zero: number | boolean | string;
  /** The JSON Schema of a value in an instance. */
  readonly valueSchema: Schema;
  /** The JSON Schema of an element of an output. */
  readonly answerSchema: Schema;
  /** What a JSON value must be, in words. */
  readonly expected: string;
  /** The element that a JSON value is, or undefined when it is none. */
  read(value: unknown): number | bigint | string | undefined;
  /** The JSON text of an element: null for NaN and the infinities, which bytes carry as they are. */
  write(element: unknown): string;
  /** A number as a tensor holds it. */
  round(value: number): number;
  /** An element as callers write it. */
  toNumber(element: unknown): number;
  /** Undefined where bytes hold nothing else than elements. */
  readonly byteRule: ByteRule | undefined;
}

/** Bytes carry what JSON cannot: numbers that are none, and bits other than 0 and 1. */
interface ByteRule {
  readonly expected: string;
  /** The place of the first such element; -1 where there is none. NaN stands for a missing value where that is allowed. */
  findStrange(elements: ArrayLike<unknown>, allowsMissing: boolean): number;
}

/** NaN and the infinities are null: JSON has no word for them. */
export const numberOrNull: Schema = { type: ['number', 'null'] };

const plain = {
  isNumeric: true,
  isLong: false,
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
  valueSchema: { type: 'string' },
  answerSchema: { type: 'string' },
  expected: 'a string',
  read: (value) => (typeof value === 'string' ? value : undefined),
  write: JSON.stringify,
};

export function integers(minimum: number, maximum: number): ElementRow {
  const isOne = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  return {
    ...plain,
    kind: 'integer',
    zero: 0,
    valueSchema: { type: 'integer', minimum, maximum },
    answerSchema: { type: 'integer' },
    expected: `an integer from ${minimum} to ${maximum}`,
    read: (value) => (isOne(value) ? value : undefined),
    write: String,
  };
}

/** Integers of 64 bits. Values of instances end where a double is exact. */
export function longIntegers(least: bigint, most: bigint): ElementRow {
  const minimum = Math.max(Number(least), Number.MIN_SAFE_INTEGER);
  return {
    ...integers(minimum, Number.MAX_SAFE_INTEGER),
    isLong: true,
    expected: `an integer from ${least} to ${most}`,
    read(value) {
      // What has been rounded already is refused.
      const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value;
      return typeof integer === 'bigint' && integer >= least && integer <= most ? integer : undefined;
    },
  };
}

/** Doubles of at most `most`. */
function floats(most: number) {
  return {
    ...plain,
    kind: 'number',
    zero: 0,
    valueSchema: { type: 'number' },
    answerSchema: numberOrNull,
    expected: 'a number',
    read(value) {
      // A bigint is an integer that `JSON.parse` would have rounded; only who asked for exact ones meets any.
      const number = typeof value === 'bigint' ? Number(value) : value;
      return typeof number === 'number' && Math.abs(number) <= most ? number : undefined;
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

export const float32s: ElementRow = {
  ...floats(largestFloat32),
  valueSchema: { type: 'number', minimum: -largestFloat32, maximum: largestFloat32 },
  expected: 'a number that fits a float32',
  write: floatText,
  round: Math.fround,
  toNumber: shortestFloat,
};
