/** How much the JSON of a body may hold: what it unfolds to is a multiple of its bytes, and is bounded before it does. */

export interface JsonLimits {
  /** Levels of arrays and objects. */
  readonly maxDepth: number;
  /** Arrays and objects. */
  readonly maxContainers: number;
  /** Elements of arrays and members of objects, all together. */
  readonly maxValues: number;
  /** Members of one object. */
  readonly maxMembers: number;
  /** Heap that the values may take. */
  readonly maxHeapBytes: number;
  /** What the counts come from, for whoever is beyond them. */
  readonly reason: string;
}

/** What the protocols put around the values of rows, with room for members that clients add. */
const envelopeValues = 4096;
const envelopeMembers = 1024;

/** What the rows of a request come to. */
export interface RowSize {
  readonly maxRows: number;
  /** Values of one row, those within nested arrays and the arrays themselves included. */
  readonly values: number;
  /** Arrays within one row. */
  readonly arrays: number;
  /** Named values of a row. */
  readonly members: number;
}

/** Limits that rows of any protocol keep. */
export function limitsOfRows(
  { maxRows, values, arrays, members }: RowSize,
  maxDepth: number,
  maxHeapBytes: number,
): JsonLimits {
  return {
    maxDepth,
    // A row is an array or object itself, and a call of BigQuery may hold it in one more.
    maxContainers: envelopeValues + maxRows * (2 + arrays),
    maxValues: envelopeValues + maxRows * (2 + values),
    maxMembers: members + envelopeMembers,
    maxHeapBytes,
    reason: `requests of at most ${maxRows} rows`,
  };
}

/** Limits of bodies that hold a few settings and no rows. */
export const settingsLimits: JsonLimits = {
  maxDepth: 8,
  maxContainers: 64,
  maxValues: 256,
  maxMembers: 64,
  maxHeapBytes: 32 * 1024 * 1024,
  reason: 'settings',
};
