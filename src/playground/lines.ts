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
  if (data.drawn === 'value') {
    return [{ title: 'value', values: predictions.map(({ value }) => Number(value)), here: Number(here.value) }];
  }
  const shareOf = (label: string, { probabilities = {} }: Prediction) => probabilities[label] ?? 0;
  const lines = data.labels.map((title) => ({
    title,
    values: predictions.map((prediction) => shareOf(title, prediction)),
    here: shareOf(title, here),
  }));
  if (lines.length <= mostLines) return lines;
  return lines.toSorted((a, b) => Math.max(...b.values) - Math.max(...a.values)).slice(0, mostLines);
}

/** What a drawing of lines says, for who cannot see it. */
export function describeLines(name: string, lines: readonly Line[]): string {
  const ends = lines.map(
    ({ title, values }) => `${title} from ${readable(values[0] ?? 0)} to ${readable(values.at(-1) ?? 0)}`,
  );
  return `Along ${name}: ${ends.join('; ')}.`;
}
