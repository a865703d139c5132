/** Shapley values of games whose answer is known, from all coalitions and from sampled ones. */
import { allCoalitions, type Coalitions, sampledCoalitions } from '../../../src/serving/explanation/coalitions';
import { toUniform } from '../../drawing';

/** What a set of features is worth; features are bits. */
type Game = (set: number) => number;

function solve(coalitions: Coalitions, features: number, game: Game): readonly number[] {
  const worths = Float64Array.from({ length: coalitions.count }, (_, coalition) => {
    let set = 0;
    for (let feature = 0; feature < features; feature++) if (coalitions.has(coalition, feature)) set |= 1 << feature;
    return game(set);
  });
  return [...coalitions.toShares(worths)];
}

/** The definition: what a feature adds, on average over every order in which features may come. */
function solveByOrders(features: number, game: Game): readonly number[] {
  const shares = new Array<number>(features).fill(0);
  const orders = permute(Array.from({ length: features }, (_, feature) => feature));
  for (const order of orders) {
    let set = 0;
    for (const feature of order) {
      const joined = set | (1 << feature);
      shares[feature] = (shares[feature] ?? 0) + (game(joined) - game(set)) / orders.length;
      set = joined;
    }
  }
  return shares;
}

function permute(all: readonly number[]): readonly (readonly number[])[] {
  if (all.length < 2) return [all];
  return all.flatMap((first) => permute(all.filter((other) => other !== first)).map((rest) => [first, ...rest]));
}

const anyGame: Game = (set) => (set === 0 ? 0.25 : toUniform(set));
const closeTo = (numbers: readonly number[], digits = 9) => numbers.map((number) => expect.closeTo(number, digits));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

test.each([1, 2, 3, 6])('All coalitions of %i features share out as the definition does', (features) => {
  const shares = solve(allCoalitions(features), features, anyGame);
  expect(shares).toEqual(closeTo(solveByOrders(features, anyGame)));
});

test('All coalitions of 10 features leave nothing over', () => {
  const shares = solve(allCoalitions(10), 10, anyGame);
  expect(sum(shares)).toBeCloseTo(anyGame(1023) - anyGame(0), 9);
});

test('Sampled permutations leave nothing over, however few they are', () => {
  const shares = solve(sampledCoalitions(12, 1, 3), 12, anyGame);
  expect(sum(shares)).toBeCloseTo(anyGame(4095) - anyGame(0), 9);
});

test('Permutations with their reverses are exact where features act alone or in pairs', () => {
  const game: Game = (set) => [3, 5, 10, 9].reduce((total, pair, i) => total + ((set & pair) === pair ? i + 1 : 0), 0);
  expect(solve(sampledCoalitions(12, 1, 3), 12, game)).toEqual(closeTo(solve(allCoalitions(12), 12, game)));
});

test('More permutations come closer to all coalitions', () => {
  const exact = solve(allCoalitions(8), 8, anyGame);
  const error = (permutations: number) => {
    const shares = solve(sampledCoalitions(8, permutations, 1), 8, anyGame);
    return Math.max(...shares.map((share, i) => Math.abs(share - (exact[i] ?? NaN))));
  };
  expect(error(4_000)).toBeLessThan(0.01);
  expect(error(4_000)).toBeLessThan(error(4));
});

test('A seed draws the same permutations, another draws others', () => {
  const draw = (seed: number) => solve(sampledCoalitions(12, 2, seed), 12, anyGame);
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});
