/** How far apart the predictions of two versions are, member by member. */
import { distance, isWithin } from '../../model/tensors/differences';

export interface Difference {
  /** Between corresponding numbers; infinite where only one is there. */
  readonly largest: number;
  readonly isBeyond: boolean;
}

/** Of each member: a small number may differ beyond the tolerance while a large one, which differs by more, does not. */
export function comparePredictions(before: unknown, now: unknown, tolerance: number): Difference {
  if (isMembers(before) && isMembers(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
    const differences = [...keys].map((key) => comparePredictions(before[key], now[key], tolerance));
    return {
      largest: differences.reduce((most, each) => Math.max(most, each.largest), 0),
      isBeyond: differences.some(({ isBeyond }) => isBeyond),
    };
  }
  if (typeof before !== 'number' && typeof now !== 'number') return { largest: 0, isBeyond: before !== now };
  const largest = typeof before === typeof now ? distance(before, now) : Number.POSITIVE_INFINITY;
  return { largest, isBeyond: !isWithin(largest, before, tolerance) };
}

/** An array's members are its elements. */
function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
