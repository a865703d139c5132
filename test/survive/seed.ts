/** The seed of the tests that draw their cases: the same on every run, so that a failure belongs to a change. */

const fixed = 20_261_126;
// `npm run fuzz` explores: each run draws other cases, and its title tells the seed that repeats them.
const chosen = process.env.FUZZ_RUNS === undefined ? fixed : Date.now() % 2 ** 31;

export const seed = Number(process.env.FUZZ_SEED ?? chosen);
