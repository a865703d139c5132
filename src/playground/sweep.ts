/** The values of a feature from the least to the greatest of its training rows, in even steps. */
import type { Feature } from './page';

export function points({ minimum = 0, maximum = 0, kind }: Feature, most: number): readonly number[] {
  const isWhole = kind === 'integer';
  const count = isWhole ? Math.min(most, maximum - minimum + 1) : most;
  const values = Array.from({ length: count }, (_, i) => minimum + ((maximum - minimum) * i) / (count - 1));
  return isWhole ? values.map(Math.round) : values;
}
