/** Finds among many features: by name, a few at first, or the most important first. */
import type { Explanation } from './api';
import { byId, data, say } from './page';

/** Shown until somebody searches or asks for all. */
const shownAtFirst = 12;

const search = document.getElementById('search') as HTMLInputElement | null;
const important = document.getElementById('important') as HTMLInputElement | null;
let showsAll = false;
/** Features by importance; in the order of the card until something is explained. */
let ranked = [...data.features.keys()];

/** Does nothing if the form has few features. */
export function listenToFinder(): void {
  if (search === null) return;
  search.addEventListener('input', arrange);
  important?.addEventListener('change', arrange);
  if (important !== null && !data.isExplainable) (important.parentElement as HTMLElement).hidden = true;
  byId('all-fields').addEventListener('click', () => {
    showsAll = true;
    arrange();
    byId(`field-${shownAtFirst}`).focus();
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

function arrange(): void {
  const wanted = (search?.value ?? '').trim().toLowerCase();
  const order = important?.checked ? ranked : [...data.features.keys()];
  const found = order.filter((index) => data.features[index]?.name.toLowerCase().includes(wanted));
  const shown = new Set(showsAll || wanted !== '' ? found : found.slice(0, shownAtFirst));
  const form = byId('form');
  for (const [place, index] of order.entries()) {
    const field = form.querySelector<HTMLElement>(`[data-field="${index}"]`) as HTMLElement;
    field.hidden = !shown.has(index);
    if (form.children[place] !== field) form.insertBefore(field, form.children[place] ?? null);
  }
  byId('all-fields').hidden = showsAll || wanted !== '';
  say(byId('found'), wanted === '' ? '' : `${found.length} of ${data.features.length}`);
}
