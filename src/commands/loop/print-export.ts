/** What an export wrote, as lines of text. */
import type { Exported } from './export';
import { printCounts, printReasons } from './print-counts';

export function printExport(out: string, { columns, counts, withFeedback, misfits }: Exported): readonly string[] {
  return [
    `${out}: ${counts.rows} rows, ${withFeedback} with feedback, in ${columns} columns`,
    ...printCounts(counts),
    ...printReasons([[misfits, 'Values that are null in the file because the card says another type']]),
  ];
}
