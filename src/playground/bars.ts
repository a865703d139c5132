/** The prediction as a sentence and bars. */
import type { Prediction } from './api';
import { byId, create, data, percent, readable } from './page';

export function showPrediction({ label, probabilities, value }: Prediction): void {
  const headline = byId('headline');
  headline.textContent = label ?? (value === undefined ? '' : readable(value));
  if (probabilities === undefined) return;
  const rows = data.labels.map((name) => toRow(name, probabilities[name] ?? 0, name === label));
  byId('bars').replaceChildren(...rows);
}

function toRow(name: string, share: number, isChosen: boolean): HTMLElement {
  const bar = create('span', { class: 'bar' });
  bar.style.width = `${100 * share}%`;
  return create(
    'div',
    { class: isChosen ? 'row chosen' : 'row', role: 'listitem' },
    create('span', { class: 'name' }, name),
    create('span', { class: 'track', 'aria-hidden': 'true' }, bar),
    create('span', { class: 'number' }, percent(share)),
  );
}
