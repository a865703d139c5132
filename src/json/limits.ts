/** Limits on the JSON of a body, enforced before parsing: parsed values take a multiple of its bytes. */

export interface JsonLimits {
  /** Nesting depth of arrays and objects. */
  readonly maxDepth: number;
  /** Arrays and objects. */
  readonly maxContainers: number;
  /** Elements of arrays and members of objects, in total. */
  readonly maxValues: number;
  /** Members of one object. */
  readonly maxMembers: number;
  /** Heap that the values may take: asked for only when they take more than `alwaysFits`. */
  readonly maxHeapBytes: () => number;
  /** What the limits allow for, as error messages say it. */
  readonly reason: string;
}

/** Bytes that any heap has left, so that small bodies need not ask for its size. */
export const alwaysFits = 256 * 1024;

/** What protocols add around the rows, with room for members that clients add. */
const envelopeValues = 4096;
const envelopeMembers = 1024;

/** The size of a request's rows. */
export interface RowSize {
  readonly maxRows: number;
  /** Values of one row, including nested arrays and their elements. */
  readonly values: number;
  /** Arrays within one row. */
  readonly arrays: number;
  /** Named values of a row. */
  readonly members: number;
}

/** Limits that fit rows in every protocol. */
export function limitsOfRows(
  { maxRows, values, arrays, members }: RowSize,
  maxDepth: number,
  maxHeapBytes: () => number,
): JsonLimits {
  return {
    maxDepth,
    // Each row is an array or object, and BigQuery may wrap it in another.
    maxContainers: envelopeValues + maxRows * (2 + arrays),
    maxValues: envelopeValues + maxRows * (2 + values),
    maxMembers: members + envelopeMembers,
    maxHeapBytes,
    reason: `requests of at most ${maxRows} rows`,
  };
}

/** Limits for bodies with a few settings and no rows. */
export const settingsLimits: JsonLimits = {
  maxDepth: 8,
  maxContainers: 64,
  maxValues: 256,
  maxMembers: 64,
  maxHeapBytes: () => 32 * 1024 * 1024,
  reason: 'settings',
};
