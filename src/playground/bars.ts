/** The prediction as a sentence and bars. */
import type { Prediction } from './api';
import { byId, create, data, percent, readable } from './page';

/** Of a prediction that is neither label nor number, so much is shown. */
const longestText = 300;

export function showPrediction(prediction: Prediction): void {
  const { label, probabilities, value } = prediction;
  const headline = byId('headline');
  headline.textContent = label ?? (typeof value === 'number' ? readable(value) : shorten(JSON.stringify(prediction)));
  if (probabilities === undefined) return;
  const rows = data.labels.map((name) => toRow(name, probabilities[name] ?? 0, name === label));
  byId('bars').replaceChildren(...rows);
}

function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
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
