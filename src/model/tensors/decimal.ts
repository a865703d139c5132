/** Writes float32 numbers as short decimals. */

// Fewest decimals first: most of a forest's probabilities have two.
const scales = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/**
 * The shortest decimal, with up to nine decimal places, that is the same float32 as `value`.
 *
 * A float32 widened to a double prints as 0.9700000286102295; callers who read 0.97 get the same float32 back.
 */
export function shortestFloat(value: number): number {
  if (Number.isInteger(value)) return value;
  for (const scale of scales) {
    const rounded = Math.round(value * scale) / scale;
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

// Models return few distinct numbers (a forest of 100 trees about 101), and formatting one costs more than the rest of a
// prediction. A cache with one slot per hash: a new number replaces the old one.
const places = 4096;
const knownNumbers = new Float64Array(places).fill(Number.NaN);
const knownTexts = new Array<string>(places).fill('');
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The JSON text of `shortestFloat(value)`; null for NaN and the infinities. */
export function floatText(value: number): string {
  float[0] = value;
  const place = Math.imul(bits[0] as number, 0x9e3779b1) >>> 20;
  if (knownNumbers[place] === value) return knownTexts[place] as string;
  if (!Number.isFinite(value)) return 'null';
  const text = String(shortestFloat(value));
  knownNumbers[place] = value;
  knownTexts[place] = text;
  return text;
}
