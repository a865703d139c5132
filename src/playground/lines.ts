/** The lines of a curve: each label's probability, or the value, at every point. */
import type { Prediction } from './api';
import { data, readable, valueName } from './page';

export interface Line {
  readonly title: string;
  readonly values: readonly number[];
  /** At the form's instance. */
  readonly here: number;
}

/** One line per colour that can be told apart. */
const maxLines = 6;

/** All labels in their own order, or those with the highest peaks. */
export function toLines(predictions: readonly Prediction[], here: Prediction): readonly Line[] {
  if (data.drawn?.labels === 'none') {
    return [{ title: valueName(), values: predictions.map(drawnValue), here: drawnValue(here) }];
  }
  const shareOf = (label: string, { probabilities = {} }: Prediction) => probabilities[label] ?? Number.NaN;
  const lines = data.labels.map((title) => ({
    title,
    values: predictions.map((prediction) => shareOf(title, prediction)),
    here: shareOf(title, here),
  }));
  if (lines.length <= maxLines) return lines;
  const highest = ({ values }: Line) => Math.max(...values.filter(Number.isFinite), 0);
  return lines.toSorted((a, b) => highest(b) - highest(a)).slice(0, maxLines);
}

/** NaN if the model gives no number. A value that the card names is the only member of an object. */
export function drawnValue({ value }: Prediction): number {
  const [number] = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return typeof number === 'number' ? number : Number.NaN;
}

/** A text alternative for the drawing. */
export function describeLines(name: string, lines: readonly Line[]): string {
  const ends = lines.map(
    ({ title, values }) =>
      `${title} from ${readable(values[0] ?? Number.NaN)} to ${readable(values.at(-1) ?? Number.NaN)}`,
  );
  return `Along ${name}: ${ends.join('; ')}.`;
}
