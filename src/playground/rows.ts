/** Rows of a name, a bar and a number. */
import { create } from './page';

export interface Share {
  readonly name: string;
  readonly share: number;
}

/** More rows than these are no longer read: the largest stand for themselves, and the others together. */
const mostRows = 8;

/** In their own order if they are few, else by size. */
export function fewest(shares: readonly Share[]): readonly Share[] {
  if (shares.length <= mostRows) return shares;
  const sizeOf = (each: Share) => Math.abs(each.share || 0);
  const sorted = shares.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const others = sorted.slice(mostRows - 1);
  const share = others.reduce((sum, other) => sum + (other.share || 0), 0);
  return [...sorted.slice(0, mostRows - 1), { name: `${others.length} others`, share }];
}

export interface Row {
  readonly name: string;
  readonly number: string;
  /** Where the bar begins and how long it is, in percent of its track. */
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
