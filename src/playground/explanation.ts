/** Shows the contributions of the features as a waterfall: from the average prediction, step by step, to this one. */
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
  const bySize = shares.toSorted((a, b) => Math.abs(b.share || 0) - Math.abs(a.share || 0));
  byId('explanation').replaceChildren(...toSteps(bySize, parts.base ?? Number.NaN));
}

function toSentence(parts: Parts, label: string | null | undefined): string {
  const { base, prediction } = parts;
  const what = label === undefined ? 'The value' : `The probability of ${label}`;
  return `${what} is ${readable(base ?? Number.NaN)} on average and ${readable(prediction ?? Number.NaN)} here. Each feature moves it on:`;
}

/** Each bar starts where the one before it ends. */
function toSteps(shares: readonly Share[], base: number): readonly HTMLElement[] {
  const ends = [base || 0];
  for (const { share } of shares) ends.push((ends.at(-1) as number) + (share || 0));
  const low = Math.min(...ends);
  const range = Math.max(...ends) - low || 1;
  return shares.map(({ name, share }, i) => {
    const from = Math.min(ends[i] as number, ends[i + 1] as number);
    return createRow({
      name,
      number: `${signOf(share)}${toText(Math.abs(share))}`,
      from: (100 * (from - low)) / range,
      length: (100 * Math.abs(share || 0)) / range,
      bar: share < 0 ? 'bar less' : 'bar',
    });
  });
}

function toText(size: number): string {
  return data.drawn?.isShare && Number.isFinite(size) ? size.toFixed(3) : readable(size);
}

function signOf(share: number): string {
  if (share === 0 || Number.isNaN(share)) return '';
  return share > 0 ? '+' : '−';
}
