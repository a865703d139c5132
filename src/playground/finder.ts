/** Finds among many features: by name, a few at first, or the most important first. */
import type { Explanation } from './api';
import { byId, data, say } from './page';

/** Shown until somebody searches or asks for all. */
const shownAtFirst = 12;

const search = document.getElementById('search') as HTMLInputElement | null;
const important = document.getElementById('important') as HTMLInputElement | null;
/** Missing where names do not fall into groups. */
const group = document.getElementById('group') as HTMLSelectElement | null;
let showsAll = false;
/** Features by importance; in the order of the card until something is explained. */
let ranked = [...data.features.keys()];

/** Does nothing if the form has few features. */
export function listenToFinder(): void {
  if (search === null) return;
  search.addEventListener('input', arrange);
  important?.addEventListener('change', arrange);
  group?.addEventListener('change', arrange);
  if (important !== null && !data.isExplainable) (important.parentElement as HTMLElement).hidden = true;
  byId('all-fields').addEventListener('click', () => {
    showsAll = true;
    byId(`field-${arrange()[shownAtFirst]}`).focus();
  });
  arrange();
}

/** Orders features by the size of their contributions. */
export function rankFields(explanation: Explanation | undefined, label: string | null | undefined): void {
  const parts = explanation?.value ?? explanation?.probabilities?.[label ?? ''];
  if (search === null || parts === undefined) return;
  const sizeOf = (index: number) => Math.abs(parts.contributions[data.features[index]?.name ?? ''] ?? 0);
  ranked = [...data.features.keys()].sort((a, b) => sizeOf(b) - sizeOf(a));
  // Fields do not move below the fingers of who is typing.
  if (!byId('form').contains(document.activeElement)) arrange();
}

/** Returns the features that were found. */
function arrange(): readonly number[] {
  const wanted = (search?.value ?? '').trim().toLowerCase();
  const order = important?.checked ? ranked : [...data.features.keys()];
  const found = order.filter((index) => {
    const name = data.features[index]?.name ?? '';
    return name.toLowerCase().includes(wanted) && isOf(name, group?.value ?? '');
  });
  const isFiltered = found.length < order.length;
  const shown = new Set(showsAll || wanted !== '' ? found : found.slice(0, shownAtFirst));
  const form = byId('form');
  for (const [place, index] of order.entries()) {
    const field = form.querySelector<HTMLElement>(`[data-field="${index}"]`) as HTMLElement;
    field.hidden = !shown.has(index);
    if (form.children[place] !== field) form.insertBefore(field, form.children[place] ?? null);
  }
  const all = byId('all-fields');
  all.hidden = shown.size === found.length;
  say(all, `Show all ${found.length} features`);
  say(byId('found'), isFiltered ? `${found.length} of ${order.length}` : '');
  return found;
}

/** Whether a name starts with the word of a group; the empty one holds all. */
function isOf(name: string, word: string): boolean {
  return name.startsWith(word) && (word === '' || !/^[\p{L}\p{N}]/u.test(name.slice(word.length)));
}
