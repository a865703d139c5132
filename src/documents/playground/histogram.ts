/** A small histogram of a feature's training rows, from the quantiles of its card. */
import type { FeatureRange } from '../../model/card/card';
import { type Html, html } from './html';

const width = 100;
const height = 24;

/** Nothing without quantiles, or where all rows are the same. */
export function drawHistogram({ minimum, maximum, quantiles = {}, shares = [] }: FeatureRange): Html {
  const edges = [minimum, ...new Set(Object.values(quantiles)), maximum];
  if (!(minimum < maximum) || shares.length !== edges.length - 1) return html``;
  const densities = shares.map((share, i) => share / widthOf(edges, i, maximum - minimum));
  const highest = Math.max(...densities);
  const bars = densities.map((density, i) => {
    const length = (height * density) / highest;
    const from = (width * ((edges[i] as number) - minimum)) / (maximum - minimum);
    const across = width * widthOf(edges, i, maximum - minimum);
    return html`<rect x="${round(from)}" y="${round(height - length)}" width="${round(across)}" height="${round(length)}"/>`;
  });
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

/** Many equal values have no width: they get a hundredth of the range. */
function widthOf(edges: readonly number[], index: number, range: number): number {
  return Math.max(((edges[index + 1] as number) - (edges[index] as number)) / range, 0.01);
}

const round = (value: number) => value.toFixed(2);
