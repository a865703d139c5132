/** Values too long to parse at once, and where to cut them. */

/** Bytes parsed at once, which takes about half a millisecond. Longer values are cut. */
export const pieceBytes = 32 * 1024;
/** Bytes scanned between two looks at the clock: microseconds, but milliseconds in a process that scans for the first time. */
export const blockBytes = 8 * 1024;

/** An array, object or string longer than one piece, from its opening to its closing bracket or quote. */
export interface LongValue {
  readonly open: number;
  readonly close: number;
  /** Commas about a piece apart and those around long children; in a string, the first byte of each further piece. */
  readonly cuts: readonly number[];
  /** Long elements, each alone between two cuts. */
  readonly children: readonly LongValue[];
}
