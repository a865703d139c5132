/** What reading captures met beside rows, as lines of text. */
import type { ReadCounts } from './read-captures';

export function printCounts({ unmatched, contradicted, unreadable }: ReadCounts): readonly string[] {
  return printReasons([
    [unmatched, 'feedbacks are for rows that were not captured'],
    [contradicted, 'feedbacks say something else than earlier ones for the same row; the last counts'],
    [unreadable, 'lines are no records and were left out'],
  ]);
}

/** Those that there are. */
export function printReasons(reasons: readonly (readonly [number, string])[]): readonly string[] {
  return reasons.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
