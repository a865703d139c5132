/** Choices that a seed decides: a failure can be had again. As cheap as a case of a fuzzer has to be. */

export interface Chance {
  /** An integer from 0 to less than `most`. */
  below(most: number): number;
  /** True once in so many times. */
  once(inTimes: number): boolean;
  one<Choice>(choices: readonly Choice[]): Choice;
  /** How many of a kind: a few as a rule, seldom many, and very seldom more than is looked at in one piece. */
  count(): number;
}

/** Mulberry32: every seed gives another row of numbers. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (most: number) => Math.floor(next() * most);

  function count(): number {
    if (below(500) === 0) return below(20_000);
    return below(30) === 0 ? below(300) : below(6);
  }

  return {
    below,
    once: (inTimes) => below(inTimes) === 0,
    one: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    count,
  };
}
