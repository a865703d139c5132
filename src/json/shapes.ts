/** Tells whether objects repeat the names of earlier ones: V8 shares those as a shape, and makes a hash table otherwise. */

/** Further names are not remembered. */
const maxNames = 2048;

export function createShapes(json: Uint8Array) {
  /** Start and end positions, alternating, of the names of the last object at each level. */
  const namesOf: number[][] = [];
  const counts: number[] = [];
  const strange: boolean[] = [];

  function begin(level: number): void {
    counts[level] = 0;
    strange[level] = false;
    if (namesOf[level] === undefined) namesOf[level] = [];
  }

  /** Takes the next name of the object at a level. Returns whether an earlier object has it after the same names. */
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
    // This object's names replace those of the previous one.
    if (strange[level] !== true) names.length = Math.min(names.length, at);
    strange[level] = true;
    if (at < 2 * maxNames) names.push(from, to);
    return false;
  }

  function isSame(knownFrom: number | undefined, knownTo: number, from: number, to: number): boolean {
    if (knownFrom === undefined || knownTo - knownFrom !== to - from) return false;
    for (let i = to - from - 1; i >= 0; i--) if (json[from + i] !== json[knownFrom + i]) return false;
    return true;
  }

  // V8 stores integer names as elements, in a hash table if there are gaps.
  function isDigit(byte: number | undefined): boolean {
    return byte !== undefined && byte >= 0x30 && byte <= 0x39;
  }

  return { begin, knows, isStrange: (level: number) => strange[level] === true };
}
