/** The lines of a curve: a label's probability, or the value, at each point. */
import type { Prediction } from './api';
import { data, readable } from './page';

export interface Line {
  readonly title: string;
  readonly values: readonly number[];
  /** At the instance that the form says. */
  readonly here: number;
}

/** As many as there are colours that can be told apart. */
const mostLines = 6;

/** All labels in their own order, or those that come highest. */
export function toLines(predictions: readonly Prediction[], here: Prediction): readonly Line[] {
  if (data.drawn?.labels === 'none') {
    return [{ title: 'value', values: predictions.map(drawnValue), here: drawnValue(here) }];
  }
  const shareOf = (label: string, { probabilities = {} }: Prediction) => probabilities[label] ?? Number.NaN;
  const lines = data.labels.map((title) => ({
    title,
    values: predictions.map((prediction) => shareOf(title, prediction)),
    here: shareOf(title, here),
  }));
  if (lines.length <= mostLines) return lines;
  const highest = ({ values }: Line) => Math.max(...values.filter(Number.isFinite), 0);
  return lines.toSorted((a, b) => highest(b) - highest(a)).slice(0, mostLines);
}

/** NaN where the model has no number. */
function drawnValue({ value }: Prediction): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** What a drawing of lines says, for who cannot see it. */
export function describeLines(name: string, lines: readonly Line[]): string {
  const ends = lines.map(
    ({ title, values }) =>
      `${title} from ${readable(values[0] ?? Number.NaN)} to ${readable(values.at(-1) ?? Number.NaN)}`,
  );
  return `Along ${name}: ${ends.join('; ')}.`;
}
