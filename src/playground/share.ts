/** The form in the address, behind the number sign: whoever opens it sees the same, and no server is told. Private values stay out. */
import { copy } from './copy';
import type { Entries } from './entries';
import { byId, data, listFew, say } from './page';

/** Longer addresses are cut by mail programs. */
const maxLength = 2000;
const mark = '#row=';
const hidden = data.features.filter(({ isPrivate }) => isPrivate).map(({ name }) => name);

let link = location.href;

export function share(entries: Entries): void {
  const hash = toHash(entries);
  link = location.href.replace(/#.*/s, '') + hash;
  try {
    history.replaceState(null, '', link);
  } catch {
    // Safari refuses more than a hundred changes within seconds; the next one will do.
  }
  byId('copy-link').hidden = hash === '';
  say(byId('share-note'), describeLink(hash));
}

/** Empty where a link cannot hold the row. */
function toHash(entries: Entries): string {
  if (hidden.length === data.features.length) return '';
  const shown = entries.map((value, i) => (data.features[i]?.isPrivate ? undefined : value));
  // JSON has no undefined: a list in a list stands for it.
  const text = encodeURIComponent(JSON.stringify(shown.map((value) => (value === undefined ? [[]] : value))));
  return text.length > maxLength ? '' : mark + text;
}

function describeLink(hash: string): string {
  if (hidden.length === data.features.length) return 'A link to this page holds no values: all features are private.';
  if (hash === '') return 'A link to this page holds no values: this row is too long.';
  const left = hidden.length > 0 ? ` Private values are left out: ${listFew(hidden)}.` : '';
  return `The link holds the values above: whoever has it can read them.${left}`;
}

export interface Shared {
  /** The row of the address; undefined if it has none of this model. */
  readonly entries?: Entries;
  /** What to know about the form that opens. */
  readonly warning: string;
}

export function readShared(): Shared {
  if (!location.hash.startsWith(mark)) return { warning: '' };
  const row = parse(location.hash.slice(mark.length));
  if (!Array.isArray(row) || row.length !== data.features.length)
    return { warning: 'The row in the address does not fit this model and was ignored.' };
  const entries: Entries = row.map((value) => (JSON.stringify(value) === '[[]]' ? undefined : value));
  const isLeftOut = data.features.some(({ isPrivate }, i) => isPrivate && entries[i] === undefined);
  return { entries, warning: isLeftOut ? `Links do not hold private values. Enter: ${listFew(hidden)}.` : '' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

export function listenToLinks(open: (shared: Shared) => void): void {
  const button = byId<HTMLButtonElement>('copy-link');
  button.addEventListener('click', () => void copy(link, button));
  // A link that is pasted into the address of an open page does not load it again.
  addEventListener('hashchange', () => open(readShared()));
}
