/** Half-precision numbers (IEEE 754 binary16), which Node.js 20 and 22 have no array for: held as float32, packed at the borders. */

/** How elements travel to the runtime and in bytes, where that is not how they lie in memory. */
export interface Packing {
  pack(elements: Float32Array): Uint16Array;
  unpack(bits: Uint16Array): Float32Array<ArrayBuffer>;
}

export const largestHalf = 65_504;

const fractionBits = 10;
const leastExponent = -14;
/** The distance between the least numbers, which have no leading 1. */
const leastStep = 2 ** (leastExponent - fractionBits);
const signBit = 0x8000;
const infinityBits = 0x7c00;
const nanBits = 0x7e00;

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** The exponent of a positive number; that of the next power of two for one that float32 rounds up to it. */
function exponentOf(value: number): number {
  float[0] = value;
  return ((floatBits[0] as number) >>> 23) - 127;
}

/** The nearest half-precision number, the even one of two; an infinity beyond the largest. */
export function roundHalf(value: number): number {
  const size = Math.abs(value);
  if (!(size < Number.POSITIVE_INFINITY) || size === 0) return value;
  const step = Math.max(leastStep, 2 ** (exponentOf(size) - fractionBits));
  const rounded = roundToEven(size / step) * step;
  return Math.sign(value) * (rounded > largestHalf ? Number.POSITIVE_INFINITY : rounded);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** The bits of the nearest half-precision number to one of float32, given as bits. */
function packOne(bits: number): number {
  const sign = (bits >>> 16) & signBit;
  const size = bits & 0x7fff_ffff;
  if (size >= beyondHalf) return sign | (size > infiniteFloat ? nanBits : infinityBits);
  // The last bit that stays makes a half round to the even one; a carry ends in the exponent, where it belongs.
  if (size >= leastNormal) return sign | ((size - exponentShift + 0xfff + ((size >>> 13) & 1)) >>> 13);
  if (size < halfOfLeast) return sign;
  const shift = 126 - (size >>> 23);
  const fraction = (size & 0x7f_ffff) | 0x80_0000;
  return sign | ((fraction + (1 << (shift - 1)) - 1 + ((fraction >>> shift) & 1)) >>> shift);
}

/** Bits of float32: 65536, the infinity, 2^-14, 2^-25, and what the exponents of both formats differ by. */
const [beyondHalf, infiniteFloat, leastNormal, halfOfLeast] = [0x4780_0000, 0x7f80_0000, 0x3880_0000, 0x3300_0000];
const exponentShift = 0x3800_0000;

function unpackOne(bits: number): number {
  const sign = bits & signBit ? -1 : 1;
  const exponent = (bits >> fractionBits) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * leastStep;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (2 ** fractionBits + fraction) * 2 ** (exponent - 1 + leastExponent - fractionBits);
}

/** Every half-precision number; made at first use. */
let all: Float32Array | undefined;

export const halfPacking: Packing = {
  pack(elements) {
    const bits = new Uint32Array(elements.buffer, elements.byteOffset, elements.length);
    const packed = new Uint16Array(bits.length);
    for (let i = 0; i < bits.length; i++) packed[i] = packOne(bits[i] as number);
    return packed;
  },
  unpack(bits) {
    all ??= Float32Array.from({ length: 2 ** 16 }, (_, each) => unpackOne(each));
    const elements = new Float32Array(bits.length);
    for (let i = 0; i < bits.length; i++) elements[i] = all[bits[i] as number] as number;
    return elements;
  },
};
