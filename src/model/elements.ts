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

/** `toInteger` says which integer a value is, for the datatypes of 64 bits. */
export function createElementRules(
  toInteger: (value: unknown) => bigint | undefined,
): Readonly<Record<Datatype, ElementRule>> {
  function longIntegers(least: bigint, most: bigint): ElementRule {
    return {
      expected: `an integer from ${least} to ${most}`,
      read(value) {
        const integer = toInteger(value);
        return integer !== undefined && integer >= least && integer <= most ? integer : undefined;
      },
    };
  }

  return {
    ...shortElements,
    UINT64: longIntegers(0n, 2n ** 64n - 1n),
    INT64: longIntegers(-(2n ** 63n), 2n ** 63n - 1n),
  };
}

const shortElements = {
  BOOL: {
    expected: 'true or false',
    read: (value: unknown) => (typeof value === 'boolean' ? Number(value) : undefined),
  },
  UINT8: integers(0, 255),
  UINT16: integers(0, 65_535),
  UINT32: integers(0, 4_294_967_295),
  INT8: integers(-128, 127),
  INT16: integers(-32_768, 32_767),
  INT32: integers(-2_147_483_648, 2_147_483_647),
  FP32: {
    expected: 'a number that fits a float32',
    read: (value: unknown) => (typeof value === 'number' && Math.abs(value) <= largestFloat32 ? value : undefined),
  },
  FP64: {
    expected: 'a number',
    read: (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  },
  BYTES: { expected: 'a string', read: (value: unknown) => (typeof value === 'string' ? value : undefined) },
} as const;

function integers(least: number, most: number): ElementRule {
  const isOne = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return {
    expected: `an integer from ${least} to ${most}`,
    read: (value) => (isOne(value) ? value : undefined),
  };
}

/** Elements as `JSON.parse` gives them: integers beyond 2^53 have been rounded by it, and are refused. */
export const elementRules = createElementRules((value) =>
  Number.isSafeInteger(value) ? BigInt(value as number) : undefined,
);
