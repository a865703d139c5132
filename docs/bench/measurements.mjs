/** Collects repeated readings by figure and contender, and compares contenders. */

/** A figure's readings are kept in the order of the rounds, so that ratios of one round can be told from noise. */
export function createMeasurements() {
  const readings = new Map();
  const keyOf = (figure, id) => `${figure} ${id}`;
  const read = (figure, id) => readings.get(keyOf(figure, id)) ?? [];

  return {
    add(figure, id, value) {
      readings.set(keyOf(figure, id), [...read(figure, id), value]);
    },

    /** @returns {readonly number[]} in the order of the rounds */
    all: read,

    /** @returns {number | undefined} */
    median: (figure, id) => median(read(figure, id)),

    /** The ratio of the medians, which the figures show too, and the median and range of the single rounds' ratios. */
    ratio(over, under) {
      const lower = read(under.figure, under.id);
      const ratios = read(over.figure, over.id).map((value, round) => value / lower[round]);
      const known = ratios.filter(Number.isFinite);
      if (known.length === 0) return undefined;
      const ofMedians = median(read(over.figure, over.id)) / median(lower);
      return { ofMedians, ofRounds: median(known), least: Math.min(...known), most: Math.max(...known) };
    },
  };
}

export function median(values) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** The smallest value that so large a share of the values does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
