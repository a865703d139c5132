/** What an element of each datatype is in JSON: how to say it, and how to read it. */
import type { Datatype } from './tensors';

/** The largest float32. */
export const largestFloat32 = 3.4028234663852886e38;

/** The element that a JSON value is, or undefined when it is none of the datatype. */
export type ReadElement = (value: unknown) => number | bigint | string | undefined;

export interface ElementRule {
  readonly expected: string;
  readonly read: ReadElement;
}

/** A bigint is an integer that `JSON.parse` would have rounded; only who asked for exact ones meets any. */
function toNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function longIntegers(least: bigint, most: bigint): ElementRule {
  return {
    expected: `an integer from ${least} to ${most}`,
    read(value) {
      // What has been rounded already is refused.
      const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value;
      return typeof integer === 'bigint' && integer >= least && integer <= most ? integer : undefined;
    },
  };
}

function floats(expected: string, most: number): ElementRule {
  return {
    expected,
    read(value) {
      const number = toNumber(value);
      return typeof number === 'number' && Math.abs(number) <= most ? number : undefined;
    },
  };
}

/** What JSON values are elements of each datatype. */
export const elementRules: Readonly<Record<Datatype, ElementRule>> = {
  BOOL: {
    expected: 'true or false',
    read: (value: unknown) => (typeof value === 'boolean' ? Number(value) : undefined),
  },
  UINT8: integers(0, 255),
  UINT16: integers(0, 65_535),
  UINT32: integers(0, 4_294_967_295),
  UINT64: longIntegers(0n, 2n ** 64n - 1n),
  INT8: integers(-128, 127),
  INT16: integers(-32_768, 32_767),
  INT32: integers(-2_147_483_648, 2_147_483_647),
  INT64: longIntegers(-(2n ** 63n), 2n ** 63n - 1n),
  FP32: floats('a number that fits a float32', largestFloat32),
  FP64: floats('a number', Number.MAX_VALUE),
  BYTES: { expected: 'a string', read: (value: unknown) => (typeof value === 'string' ? value : undefined) },
};

function integers(least: number, most: number): ElementRule {
  const isOne = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return {
    expected: `an integer from ${least} to ${most}`,
    read: (value) => (isOne(value) ? value : undefined),
  };
}
