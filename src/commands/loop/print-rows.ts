/** Labelled rows as lines of JSON for a training, and what was left out as lines of text for people. */
import type { LabelledRow, LabelledRows } from './labelled-rows';
import { printCounts, printReasons } from './print-counts';

export function toLine({ instance, truth, isHeldOut, version, day }: LabelledRow): string {
  return JSON.stringify({ instance, truth, use: isHeldOut ? 'holdout' : 'training', version, day });
}

export function printLeftOut({ rows, counts, leftOut }: LabelledRows): readonly string[] {
  const heldOut = rows.filter(({ isHeldOut }) => isHeldOut).length;
  const reasons = printReasons([
    [leftOut.ambiguous, 'Rows left out because their id was used again for other values'],
    [leftOut.otherTruth, "Rows left out because the feedback is none of the model's labels, or no number"],
    [leftOut.misfit, 'Rows left out because a value is missing, private, or not what the card allows'],
  ]);
  return [
    `${counts.rows} rows captured, ${rows.length} with feedback to learn from: ${rows.length - heldOut} for training, ${heldOut} kept from it`,
    ...printCounts(counts),
    ...reasons,
  ];
}
