/** Shows the contribution of each feature as bars to both sides. */
import type { Explanation, Parts } from './api';
import { byId, data, readable } from './page';
import { createRow, fewest, type Share } from './rows';

/** Shows the explanation of the chosen label; undefined hides the panel. */
export function showExplanation(explanation: Explanation | undefined, label: string | null | undefined): void {
  const parts = explanation?.value ?? explanation?.probabilities?.[label ?? ''];
  byId('explanation-panel').hidden = parts === undefined;
  if (parts === undefined) return;
  byId('explanation-sum').textContent = toSentence(parts, label);
  const shares = fewest(data.features.map(({ name }) => ({ name, share: parts.contributions[name] ?? Number.NaN })));
  const largest = Math.max(...shares.map(({ share }) => Math.abs(share || 0)), Number.MIN_VALUE);
  byId('explanation').replaceChildren(...shares.map((share) => toRow(share, largest)));
}

function toSentence(parts: Parts, label: string | null | undefined): string {
  const { base, prediction } = parts;
  const what = label === undefined ? 'The value' : `The probability of ${label}`;
  return `${what} is ${readable(base ?? Number.NaN)} on average and ${readable(prediction ?? Number.NaN)} here. Contribution of each feature:`;
}

function toRow({ name, share }: Share, largest: number): HTMLElement {
  const length = (50 * Math.abs(share || 0)) / largest;
  return createRow({
    name,
    number: `${signOf(share)}${isShare && Number.isFinite(share) ? Math.abs(share).toFixed(3) : readable(Math.abs(share))}`,
    from: share < 0 ? 50 - length : 50,
    length,
    bar: share < 0 ? 'bar signed less' : 'bar signed',
  });
}

const isShare = data.drawn?.isShare === true;

function signOf(share: number): string {
  if (share === 0 || Number.isNaN(share)) return '';
  return share > 0 ? '+' : '−';
}
