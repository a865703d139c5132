/** Rows of nothing but numbers, in one typed array instead of an array each. */

export type NumberData = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** What the rows must be to be read so. */
export interface NumberRowsKind {
  /** Numbers of a row. */
  readonly width: number;
  readonly maxRows: number;
  /** The largest magnitude of a number. */
  readonly limit: number;
  create(length: number): NumberData;
}

export class NumberRows {
  constructor(
    readonly rows: number,
    /** Row after row. */
    readonly data: NumberData,
    /** The byte after the closing bracket. */
    readonly end: number,
  ) {}
}
