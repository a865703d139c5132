/** What reading captures met beside rows, as lines of text. */
import type { ReadCounts } from './read-captures';

export function printCounts({
  unmatched,
  contradicted,
  unreadable,
  others,
  goneFiles,
  brokenFiles,
}: ReadCounts): readonly string[] {
  return printReasons([
    [unmatched, 'Feedback for rows that were not captured'],
    [contradicted, 'Rows whose feedback contradicts itself, of which the last counts'],
    [unreadable, 'Lines left out because they are no records'],
    [others, 'Records left out because they are of a model with another name'],
    [goneFiles, 'Files left out because they are gone, such as those that a server deleted for new ones'],
    [brokenFiles, 'Files *.arrows whose rest cannot be read, such as what a crash cut off'],
  ]);
}

/** Those that there are. */
export function printReasons(reasons: readonly (readonly [number, string])[]): readonly string[] {
  return reasons.filter(([count]) => count > 0).map(([count, what]) => `${what}: ${count}`);
}
