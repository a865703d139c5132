/** Values that are too long to be parsed at once, and where they are cut. */

/** Bytes that are parsed at once: half a millisecond or so. What is longer is cut. */
export const pieceBytes = 32 * 1024;
/** Bytes that are looked at between two looks at the clock. */
export const blockBytes = 128 * 1024;

/** An array, object or string of more than one piece, in the bytes from its bracket or quote to the one that closes it. */
export interface LongValue {
  readonly open: number;
  readonly close: number;
  /** Commas between elements, about a piece apart, and those around a long child; within a string, the first bytes of pieces. */
  readonly cuts: readonly number[];
  /** Elements that are long themselves. Each stands alone between two cuts. */
  readonly children: readonly LongValue[];
}
