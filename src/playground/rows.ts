/** Rows with a name, a bar and a number. */
import { create } from './page';

export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Limit for readability: the largest get a row each, the others share one. */
const maxRows = 8;

/** All in their own order if there are few, else the largest first. */
export function fewest(shares: readonly Share[]): readonly Share[] {
  if (shares.length <= maxRows) return shares;
  const sizeOf = (each: Share) => Math.abs(each.share || 0);
  const sorted = shares.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const others = sorted.slice(maxRows - 1);
  const share = others.reduce((sum, other) => sum + (other.share || 0), 0);
  return [...sorted.slice(0, maxRows - 1), { name: `${others.length} others`, share }];
}

export interface Row {
  readonly name: string;
  readonly number: string;
  /** Start and length of the bar, in percent of its track. */
  readonly from: number;
  readonly length: number;
  readonly bar: string;
  readonly row?: string;
}

export function createRow({ name, number, from, length, bar, row = 'row' }: Row): HTMLElement {
  const drawn = create('span', { class: bar });
  drawn.style.left = `${from}%`;
  drawn.style.width = `${length}%`;
  return create(
    'div',
    { class: row, role: 'listitem' },
    create('span', { class: 'name' }, name),
    create('span', { class: 'track', 'aria-hidden': 'true' }, drawn),
    create('span', { class: 'number' }, number),
  );
}
