/** What an export wrote, as lines of text. */
import type { Exported } from './export';
import { printCounts, printReasons } from './print-counts';

export function printExport(out: string, { columns, counts, withFeedback, misfits }: Exported): readonly string[] {
  return [
    `${out}: ${counts.rows} rows, ${withFeedback} with feedback, in ${columns} columns`,
    ...printCounts(counts),
    ...printReasons([[misfits, 'values are of another type than the card says, and null in the file']]),
  ];
}
