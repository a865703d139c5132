/** Flags values outside the training range, for requests that ask for it. */
import type { Card } from '../../model/card/card';
import { type RangedFeature, rangedFeatures } from '../../model/instances/training-ranges';
import type { Tensors } from '../../model/tensors/tensors';
import type { Work } from '../../turns';

/** Limits the flags of one answer: a column in the wrong unit would flag every row of a long request. */
const maxFlags = 1_000;
const rowsPerStep = 256;

/** Members of an answer: the number of rows with a value out of range, and the first such values in row order. */
export function* writeFlags(card: Card, inputs: Tensors): Work<string> {
  const features = rangedFeatures(card);
  const flags: object[] = [];
  let flagged = 0;
  for (let row = 0; row < inputs.rows; row++) {
    if (row % rowsPerStep === rowsPerStep - 1) yield;
    const outside = features.filter((feature) => isOutside(feature, inputs, row));
    if (outside.length === 0) continue;
    flagged++;
    if (flags.length < maxFlags) flags.push(...outside.map((feature) => toFlag(feature, inputs, row)));
  }
  return `"flagged_rows":${flagged},"flags":${JSON.stringify(flags.slice(0, maxFlags))}`;
}

function isOutside(
  { minimum, maximum, elements, width, column }: RangedFeature,
  inputs: Tensors,
  row: number,
): boolean {
  const value = Number(elements(inputs)[row * width + column]);
  return value < minimum || value > maximum;
}

function toFlag({ name, range, read }: RangedFeature, inputs: Tensors, row: number): object {
  return { row, feature: name, value: read(inputs, row), minimum: range.minimum, maximum: range.maximum };
}
