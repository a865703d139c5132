/** The form in the address, behind the number sign: whoever opens it sees the same, and no server is told. */
import type { Entries } from './entries';
import { byId, data, say } from './page';

/** Longer addresses are cut by mail programs. */
const maxLength = 2000;
const mark = '#row=';

export function share(entries: Entries): void {
  // JSON has no undefined: a list in a list stands for it.
  const text = encodeURIComponent(JSON.stringify(entries.map((value) => (value === undefined ? [[]] : value))));
  const hash = text.length > maxLength ? '' : mark + text;
  history.replaceState(null, '', location.pathname + location.search + hash);
}

/** Undefined if the address has no row of this model; says so where it has another. */
export function readShared(): Entries | undefined {
  if (!location.hash.startsWith(mark)) return undefined;
  const row = parse(location.hash.slice(mark.length));
  if (Array.isArray(row) && row.length === data.features.length)
    return row.map((value) => (JSON.stringify(value) === '[[]]' ? undefined : value));
  say(byId('shared-fault'), 'The row in the address is not of this model: this is a sample.');
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
