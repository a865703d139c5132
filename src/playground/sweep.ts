/** The values of a feature from the least to the greatest of its training rows, in even steps. */
import { data, type Feature } from './page';

/** Numbers in the answer to one request: a prediction has one for each label. */
const maxNumbers = 20_000;

/** How many rows to ask for: fewer where there are many labels. */
export function rowsOf(most: number): number {
  return Math.max(2, Math.min(most, Math.floor(maxNumbers / Math.max(1, data.labels.length))));
}

export function points({ minimum = 0, maximum = 0, kind }: Feature, most: number): readonly number[] {
  const isWhole = kind === 'integer';
  const count = isWhole ? Math.min(most, maximum - minimum + 1) : most;
  const values = Array.from({ length: count }, (_, i) => minimum * (1 - i / (count - 1)) + maximum * (i / (count - 1)));
  return isWhole ? values.map(Math.round) : values;
}
