/** Values to places, and the round values that a scale names. */

export function linearScale([least, most], [from, to]) {
  return (value) => from + ((value - least) / (most - least)) * (to - from);
}

export function logScale([least, most], range) {
  const scale = linearScale([Math.log(least), Math.log(most)], range);
  return (value) => scale(Math.log(value));
}

/** 1, 2, 5, 10, 20 … from the last below the values to the first above them. */
export function logTicks(values) {
  const steps = Array.from({ length: 60 }, (_, i) => [1, 2, 5][i % 3] * 10 ** (Math.floor(i / 3) - 8));
  const first = steps.findLastIndex((step) => step <= Math.min(...values));
  const last = steps.findIndex((step) => step >= Math.max(...values));
  return steps.slice(first, last + 1);
}

/** From nothing to the first multiple of a round step above the values, in at most six steps. */
export function linearTicks(values) {
  const most = Math.max(...values);
  const step = logTicks([most / 6, most]).find((size) => size * 6 >= most);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** Moves places down until each is so far from the one before it; keeps their order. */
export function spread(places, distance) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const spreadOut = [...places];
  for (let i = 1; i < order.length; i++) {
    spreadOut[order[i]] = Math.max(spreadOut[order[i]], spreadOut[order[i - 1]] + distance);
  }
  return spreadOut;
}
