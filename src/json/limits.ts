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
  /** What the bounds come from, for whoever is beyond them. */
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

/** Heap that an array or object takes beside its elements, and an element or member. Measured with V8 11 to 13. */
const containerBytes = 64;
const valueBytes = 16;

/** Limits that rows of any protocol keep. `heapBytes` is the heap that one body's values may take. */
export function limitsOfRows({ maxRows, values, arrays, members }: RowSize, maxDepth: number, heapBytes: number) {
  // A row is an array or object itself, and a call of BigQuery may hold it in one more.
  const maxContainers = envelopeValues + maxRows * (2 + arrays);
  const maxValues = envelopeValues + maxRows * (2 + values);
  return {
    maxDepth,
    maxContainers: Math.min(maxContainers, Math.floor(heapBytes / containerBytes)),
    maxValues: Math.min(maxValues, Math.floor(heapBytes / valueBytes)),
    maxMembers: members + envelopeMembers,
    reason: `requests of at most ${maxRows} rows`,
  };
}

/** Limits of bodies that hold a few settings and no rows. */
export const settingsLimits: JsonLimits = {
  maxDepth: 8,
  maxContainers: 64,
  maxValues: 256,
  maxMembers: 64,
  reason: 'settings',
};
