/** What the candidate gets, as the setting says it. */

export type CandidateTraffic = 'off' | 'shadow' | number;

/** Throws an error that names the variable. */
export function readCandidateTraffic(given: string): CandidateTraffic {
  if (given === 'off' || given === 'shadow') return given;
  const percent = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (percent >= 1 && percent <= 100) return percent;
  throw new RangeError(
    `CANDIDATE_TRAFFIC is ${JSON.stringify(given)}: expected off, shadow, or a percentage from 1 to 100.`,
  );
}
