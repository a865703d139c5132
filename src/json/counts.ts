/** What is counted of JSON before it is parsed, and the heap that its values would take. */
import { Problem } from '../problem';
import type { JsonLimits } from './limits';
import { createShapes } from './shapes';

/**
 * Bytes of heap, each at least what was measured: ten megabytes of one kind parsed by Node 20 and 24, what was there after
 * a collection divided by how many there were.
 */
const weights = {
  /** 41 empty, 56 and 12 for each element otherwise: its header and that of its elements. */
  array: 48,
  /** 53 empty, 31 with one known member. */
  object: 56,
  /** An element or member: a place of 8 bytes, and room to grow where an array has been pushed together. */
  value: 12,
  /** A number that is no small integer, where it does not lie among numbers alone. */
  box: 16,
  /** 21 to 36, its letters included where these are few. */
  string: 24,
  /** Letters take two where one of them is beyond Latin-1. */
  letter: 2,
  /** 187 with one member, 345 with four: a table in place of a shape. */
  strangeObject: 120,
  /** 57 of four, 73 of a thousand, 87 of a hundred thousand: an entry of the table, a name, its entry among all names. */
  strangeMember: 80,
  /** 50 of a thousand known names: an entry of the table. */
  tableMember: 56,
} as const;
/** Objects of more members have a table, whatever their names. */
const mostFast = 100;

export interface Counts {
  open(level: number, isObject: boolean): void;
  /** The container of a level ends; an empty one is counted as if it had an element. */
  close(level: number, isObject: boolean, elements: number): void;
  /** A string stands between two places, and is a name or a value. */
  name(level: number, from: number, to: number): void;
  text(bytes: number): void;
  /** A number with a sign, a point or an exponent. */
  box(): void;
  /** Throws the problem `too-many-values`. */
  check(limits: JsonLimits): void;
}

export function createCounts(json: Uint8Array): Counts {
  const shapes = createShapes(json);
  let containers = 0;
  let values = 0;
  let members = 0;
  let heapBytes = 0;

  function open(level: number, isObject: boolean): void {
    containers++;
    if (isObject) shapes.begin(level);
  }

  function close(level: number, isObject: boolean, elements: number): void {
    values += elements;
    heapBytes += elements * weights.value;
    if (!isObject) heapBytes += weights.array;
    else {
      if (elements > members) members = elements;
      heapBytes += weighObject(shapes.isStrange(level), elements);
    }
  }

  function name(level: number, from: number, to: number): void {
    if (!shapes.knows(level, from, to)) heapBytes += (to - from) * weights.letter;
  }

  function text(bytes: number): void {
    heapBytes += weights.string + bytes * weights.letter;
  }

  function box(): void {
    heapBytes += weights.box;
  }

  function check({ maxContainers, maxValues, maxMembers, maxHeapBytes, reason }: JsonLimits): void {
    if (containers > maxContainers) throw tooMany(`${maxContainers} arrays and objects`, containers, reason);
    if (values > maxValues) throw tooMany(`${maxValues} values`, values, reason);
    if (members > maxMembers) throw tooMany(`${maxMembers} members in one object`, members, reason);
    if (heapBytes > maxHeapBytes) throw tooLarge(maxHeapBytes, heapBytes);
  }

  return { open, close, name, text, box, check };
}

function weighObject(isStrange: boolean, members: number): number {
  if (isStrange) return weights.strangeObject + members * weights.strangeMember;
  return members > mostFast ? members * weights.tableMember : weights.object;
}

function tooMany(most: string, got: number, reason: string): Problem {
  return new Problem('too-many-values', `Expected at most ${most}, enough for ${reason}, got ${got}.`);
}

function tooLarge(most: number, got: number): Problem {
  const detail = `Expected values that take at most ${most} bytes of the heap, got some ${got}: send fewer rows in a request.`;
  return new Problem('too-many-values', detail);
}
