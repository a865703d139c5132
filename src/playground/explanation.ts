/** What each feature adds to a prediction, as bars to both sides. */
import type { Explanation, Parts } from './api';
import { byId, create, data, readable } from './page';

/** Shows the parts of the label that was chosen; undefined hides the panel. */
export function showExplanation(explanation: Explanation | undefined, label: string | undefined): void {
  const parts = explanation?.value ?? explanation?.probabilities?.[label ?? ''];
  byId('explanation-panel').hidden = parts === undefined;
  if (parts === undefined) return;
  byId('explanation-sum').textContent = toSentence(parts, label);
  const largest = Math.max(...Object.values(parts.contributions).map(Math.abs), Number.MIN_VALUE);
  const rows = data.features.map(({ name }) => toRow(name, parts.contributions[name] ?? 0, largest));
  byId('explanation').replaceChildren(...rows);
}

function toSentence(parts: Parts, label: string | undefined): string {
  const what = label === undefined ? 'The value' : `The probability of ${label}`;
  return `${what} is ${readable(parts.base)} on average and ${readable(parts.prediction)} here. What the features add:`;
}

function toRow(name: string, share: number, largest: number): HTMLElement {
  const bar = create('span', { class: share < 0 ? 'bar less' : 'bar more' });
  const length = (50 * Math.abs(share)) / largest;
  bar.style.width = `${length}%`;
  bar.style.left = `${share < 0 ? 50 - length : 50}%`;
  const number = `${signOf(share)}${isShare ? Math.abs(share).toFixed(3) : readable(Math.abs(share))}`;
  return create(
    'div',
    { class: 'row', role: 'listitem' },
    create('span', { class: 'name' }, name),
    create('span', { class: 'track both', 'aria-hidden': 'true' }, bar),
    create('span', { class: 'number' }, number),
  );
}

const isShare = data.drawn === 'probabilities';

function signOf(share: number): string {
  if (share === 0) return '';
  return share > 0 ? '+' : '−';
}
