/** Coalitions: sets of known features. Their values determine how a prediction is shared among the features. */

export interface Coalitions {
  /** Whether all coalitions are used, or only those along sampled permutations. */
  readonly method: 'exact' | 'permutations';
  /** The first coalition is empty, the last contains every feature. */
  readonly count: number;
  has(coalition: number, feature: number): boolean;
  /** The Shapley value of each feature, from the value of each coalition; they add up to the last value minus the first. */
  toShares(worths: Float64Array): Float64Array;
}

/** All subsets of the features; the bits of a coalition's number are its members. */
export function allCoalitions(features: number): Coalitions {
  const count = 2 ** features;
  const weights = toWeights(features);

  function toShares(worths: Float64Array): Float64Array {
    const shares = new Float64Array(features);
    for (let coalition = 0; coalition < count; coalition++) {
      const weight = weights[countBits(coalition)] as number;
      for (let feature = 0; feature < features; feature++) {
        const joined = coalition | (1 << feature);
        if (joined === coalition) continue;
        const gain = (worths[joined] as number) - (worths[coalition] as number);
        shares[feature] = (shares[feature] as number) + weight * gain;
      }
    }
    return shares;
  }

  return { method: 'exact', count, has: (coalition, feature) => ((coalition >> feature) & 1) === 1, toShares };
}

/** Shapley weights by coalition size: the share of orders in which exactly that coalition precedes the next feature. */
function toWeights(features: number): readonly number[] {
  let weight = 1 / features;
  return Array.from({ length: features }, (_, size) => {
    const ofSize = weight;
    weight *= (size + 1) / (features - size - 1);
    return ofSize;
  });
}

function countBits(set: number): number {
  let bits = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/**
 * Coalitions that grow feature by feature along permutations drawn from a seed.
 *
 * Each permutation is also walked backwards, which cancels most of the error from pairwise interactions.
 */
export function sampledCoalitions(features: number, permutations: number, seed: number): Coalitions {
  const orders = drawOrders(features, permutations, seed);
  // The position of each feature in each order.
  const places = orders.map((order) => {
    const place = new Int32Array(features);
    for (const [at, feature] of order.entries()) place[feature] = at;
    return place;
  });
  const steps = features - 1;
  const count = 2 + orders.length * steps;

  function has(coalition: number, feature: number): boolean {
    if (coalition === 0 || coalition === count - 1) return coalition !== 0;
    const walk = places[Math.floor((coalition - 1) / steps)] as Int32Array;
    return (walk[feature] as number) <= (coalition - 1) % steps;
  }

  function toShares(worths: Float64Array): Float64Array {
    const shares = new Float64Array(features);
    for (const [walk, order] of orders.entries()) {
      let before = worths[0] as number;
      for (const [at, feature] of order.entries()) {
        const after = worths[at < steps ? 1 + walk * steps + at : count - 1] as number;
        shares[feature] = (shares[feature] as number) + (after - before) / orders.length;
        before = after;
      }
    }
    return shares;
  }

  return { method: 'permutations', count, has, toShares };
}

function drawOrders(features: number, permutations: number, seed: number): readonly (readonly number[])[] {
  const random = createRandom(seed);
  const draw = () => {
    const order = Array.from({ length: features }, (_, feature) => feature);
    for (let last = features - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other] as number, order[last] as number];
    }
    return order;
  };
  return Array.from({ length: permutations }, draw).flatMap((order) => [order, order.toReversed()]);
}

/** Random numbers in [0, 1) from a seed: a Weyl sequence through the murmur3 finalizer. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
}
