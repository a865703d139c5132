/** From values to places on a drawing, and the round values to write beside it. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The place of a value. */
  at(value: number): number;
}

/** Spreads the values from `low` to `high` over the places from `start` to `end`. */
export function createScale(low: number, high: number, start: number, end: number): Scale {
  return { low, high, at: (value) => start + ((value - low) / (high - low)) * (end - start) };
}

/** Round values within a scale, about as many as asked for. */
export function ticks({ low, high }: Scale, count: number): readonly number[] {
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - tolerance);
  const last = Math.floor(high / step + tolerance);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

// Decimals are not exact in binary.
const tolerance = 1e-9;

/** The smallest of 1, 2, 5, 10, 20, 50 … that is not below. */
function roundStep(least: number): number {
  const size = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * size >= least * (1 - tolerance)) ?? 10;
  return factor * size;
}

/** Some space on both sides of a range that may be empty. */
export function padded(low: number, high: number): readonly [number, number] {
  const space = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
  return [low - space, high + space];
}
