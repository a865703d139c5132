/** Counts the values of JSON before it is parsed, and estimates the heap they would take. */
import { Problem } from '../problem';
import { alwaysFits, type JsonLimits } from './limits';
import { createShapes } from './shapes';

/**
 * Bytes of heap, rounded up from measurements: ten megabytes of one kind parsed by Node 20, heap after a collection
 * divided by the number of values.
 */
const weights = {
  /** Measured: 41 empty, else 56 plus 12 per element, for its header and that of its elements. */
  array: 48,
  /** Measured: 53 empty, 31 with one known member. */
  object: 56,
  /** An element or member: a slot of 8 bytes, plus spare capacity of arrays built by push, 12 at most, and one to spare. */
  value: 13,
  /** A number that is not a small integer, unless in an array of numbers only. */
  box: 16,
  /** Measured: 21 to 36, including the characters of a short one. */
  string: 24,
  /** Characters take two bytes if any is outside Latin-1. */
  letter: 2,
  /** Measured: 187 with one member, 345 with four; a hash table instead of a shape. */
  strangeObject: 120,
  /** Measured: 57 with four, 73 with a thousand, up to 105 between; a table entry, a name, and its interned entry. */
  strangeMember: 92,
  /** Measured: 50 with a thousand known names; a table entry. */
  tableMember: 56,
} as const;
/** Objects with more members use a hash table, whatever their names. */
const maxShapeMembers = 100;

export function createCounts(json: Uint8Array) {
  const shapes = createShapes(json);
  let containers = 0;
  let values = 0;
  let members = 0;
  let heapBytes = 0;
  /** Names so far that no earlier object had in the same position. */
  let newNames = 0;
  /** Per level: numbers that would be boxed, and whether there are other values beside them. */
  const boxes: number[] = [];
  const isMixed: boolean[] = [];

  function open(level: number, isObject: boolean): void {
    containers++;
    boxes[level] = 0;
    isMixed[level] = isObject;
    if (level > 0) isMixed[level - 1] = true;
    if (isObject) shapes.begin(level);
  }

  /** Ends the container at a level; an empty one counts as one element. */
  function close(level: number, isObject: boolean, elements: number): void {
    values += elements;
    heapBytes += elements * weights.value;
    // An array of only numbers stores them unboxed.
    if (isMixed[level] === true) heapBytes += (boxes[level] as number) * weights.box;
    if (!isObject) heapBytes += weights.array;
    else {
      if (elements > members) members = elements;
      heapBytes += weighObject(shapes.isStrange(level), elements);
    }
  }

  /** A string between two positions that is a member name. */
  function name(level: number, from: number, to: number): void {
    if (shapes.knows(level, from, to)) return;
    newNames++;
    heapBytes += (to - from) * weights.letter;
  }

  function text(level: number, letters: number): void {
    mix(level);
    heapBytes += weights.string + letters * weights.letter;
  }

  /** A number with a sign, a point, an exponent or many digits. */
  function box(level: number): void {
    if (level >= 0) (boxes[level] as number)++;
  }

  /** A literal: true, false or null. */
  function mix(level: number): void {
    if (level >= 0) isMixed[level] = true;
  }

  /** Throws the problem `too-many-values`. */
  function check({ maxContainers, maxValues, maxMembers, maxHeapBytes, reason }: JsonLimits): void {
    if (containers > maxContainers) throw tooMany(`${maxContainers} arrays and objects`, containers, reason);
    if (values > maxValues) throw tooMany(`${maxValues} values`, values, reason);
    if (members > maxMembers) throw tooMany(`${maxMembers} members in one object`, members, reason);
    if (heapBytes > alwaysFits && heapBytes > maxHeapBytes()) throw tooLarge(maxHeapBytes(), heapBytes);
  }

  return { open, close, name, text, box, mix, newNames: () => newNames, check };
}

function weighObject(isStrange: boolean, members: number): number {
  if (isStrange) return weights.strangeObject + members * weights.strangeMember;
  return members > maxShapeMembers ? members * weights.tableMember : weights.object;
}

function tooMany(limit: string, got: number, reason: string): Problem {
  return new Problem('too-many-values', `Expected at most ${limit}, enough for ${reason}, got ${got}.`);
}

function tooLarge(maxBytes: number, got: number): Problem {
  const detail = `Expected values that take at most ${maxBytes} bytes of heap, got about ${got}; send fewer rows per request.`;
  return new Problem('too-many-values', detail);
}
