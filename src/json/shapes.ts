/** Whether an object has the names of one before it: V8 keeps those once, and makes tables for objects of ever other names. */

/** More names than that are not remembered. */
const mostNames = 2048;

export interface Shapes {
  /** An object begins, so many levels deep. */
  begin(level: number): void;
  /** Its next name stands between two places. Says whether an object before it has that name behind the same others. */
  knows(level: number, from: number, to: number): boolean;
  /** Whether the object has had a name that was not known. */
  isStrange(level: number): boolean;
}

export function createShapes(json: Uint8Array): Shapes {
  /** Beginnings and ends of the names of the last object of a level, in turns. */
  const namesOf: number[][] = [];
  const counts: number[] = [];
  const strange: boolean[] = [];

  function begin(level: number): void {
    counts[level] = 0;
    strange[level] = false;
    if (namesOf[level] === undefined) namesOf[level] = [];
  }

  function knows(level: number, from: number, to: number): boolean {
    const names = namesOf[level] as number[];
    const at = 2 * (counts[level] as number);
    (counts[level] as number)++;
    if (
      strange[level] !== true &&
      !isDigit(json[from + 1]) &&
      isSame(names[at] as number, names[at + 1] as number, from, to)
    )
      return true;
    // The names of this object take the place of those of the one before.
    if (strange[level] !== true) names.length = Math.min(names.length, at);
    strange[level] = true;
    if (at < 2 * mostNames) names.push(from, to);
    return false;
  }

  function isSame(knownFrom: number | undefined, knownTo: number, from: number, to: number): boolean {
    if (knownFrom === undefined || knownTo - knownFrom !== to - from) return false;
    for (let i = to - from - 1; i >= 0; i--) if (json[from + i] !== json[knownFrom + i]) return false;
    return true;
  }

  // Names that are integers are places in a list, which has a table of its own where it has gaps.
  function isDigit(byte: number | undefined): boolean {
    return byte !== undefined && byte >= 0x30 && byte <= 0x39;
  }

  return { begin, knows, isStrange: (level) => strange[level] === true };
}
