/** Maps values to positions in a drawing, and chooses round tick values. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The position of a value. */
  at(value: number): number;
}

/** Maps values from `low` to `high` to positions from `start` to `end`. Halves of doubles have differences that are doubles. */
export function createScale(low: number, high: number, start: number, end: number): Scale {
  return { low, high, at: (value) => start + ((value / 2 - low / 2) / (high / 2 - low / 2)) * (end - start) };
}

/** Round values within a scale, about as many as requested. */
export function ticks({ low, high }: Scale, count: number): readonly number[] {
  const step = roundStep(high / count - low / count);
  // Too little to be divided.
  if (!(step > 0)) return [low];
  const first = Math.ceil(low / step - tolerance);
  const last = Math.floor(high / step + tolerance);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

// Removes binary rounding errors.
const tolerance = 1e-9;

/** The smallest of 1, 2, 5, 10, 20, 50 … that is not less. */
function roundStep(least: number): number {
  const size = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * size >= least * (1 - tolerance)) ?? 10;
  return factor * size;
}

/** Pads a range, which may be empty, on both sides. */
export function padded(low: number, high: number): readonly [number, number] {
  const space = high * 0.05 - low * 0.05 || Math.abs(high) * 0.05 || 1;
  return [Math.max(low - space, -Number.MAX_VALUE), Math.min(high + space, Number.MAX_VALUE)];
}
