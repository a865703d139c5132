/** Shows the contributions of the features as a waterfall: from the average prediction, step by step, to this one. */
import type { Explanation, Parts } from './api';
import { byId, data, isolate, percent, readable, say, valueName, withUnit } from './page';
import { createRow, fewest, type Share } from './rows';

/** Shows the explanation of the chosen label. The panel exists where the endpoint explains. */
export function showExplanation(explanation: Explanation | undefined, label: string | null | undefined): void {
  const parts = explanation?.value ?? explanation?.probabilities?.[label ?? ''];
  if (explanation === undefined) return;
  say(byId('explanation-sum'), parts === undefined ? 'There is no number to explain.' : toSentence(parts, label));
  if (parts === undefined) return byId('explanation').replaceChildren();
  const shares = fewest(data.features.map(({ name }) => ({ name, share: parts.contributions[name] ?? Number.NaN })));
  const bySize = shares.toSorted((a, b) => Math.abs(b.share || 0) - Math.abs(a.share || 0));
  byId('explanation').replaceChildren(...toSteps(bySize, parts.base ?? Number.NaN));
}

function toSentence(parts: Parts, label: string | null | undefined): string {
  const [base, prediction] = [parts.base, parts.prediction].map((number) => write(number ?? Number.NaN));
  const what = label ? `The probability of ${isolate(label)}` : `The ${valueName()}`;
  const step = data.drawn?.isShare ? ', in percentage points' : '';
  return `${what} is ${base} on average and ${prediction} here. Each feature moves it on${step}:`;
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

const write = data.drawn?.isShare ? percent : (value: number) => withUnit(readable(value));

function toText(size: number): string {
  return data.drawn?.isShare && Number.isFinite(size) ? (100 * size).toFixed(1) : readable(size);
}

function signOf(share: number): string {
  if (share === 0 || Number.isNaN(share)) return '';
  return share > 0 ? '+' : '−';
}
