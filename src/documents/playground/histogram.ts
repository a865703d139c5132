/** A small histogram of a feature's training rows, from the quantiles of its card. */
import type { FeatureRange } from '../../model/card/card';
import { type Html, html } from './html';

const width = 100;
const height = 24;
/** Of a bar that stands for one value. */
const barWidth = 4;

/** Nothing without quantiles, or where all rows are the same. */
export function drawHistogram({ minimum, maximum, quantiles = {}, shares = [] }: FeatureRange): Html {
  const edges = [minimum, ...new Set(Object.values(quantiles)), maximum];
  if (!(minimum < maximum) || shares.length !== edges.length - 1) return html``;
  if (2 * (edges.length - 2) <= Object.keys(quantiles).length + 1) return drawCounts(edges, shares);
  const widths = shares.map(
    (_, i) => (width * ((edges[i + 1] as number) - (edges[i] as number))) / (maximum - minimum),
  );
  // Many equal values have no width: they get the density of a bar.
  const densities = shares.map((share, i) => share / Math.max(widths[i] as number, barWidth));
  const highest = Math.max(...densities);
  const bars = densities.map((density, i) => {
    const from = (width * ((edges[i] as number) - minimum)) / (maximum - minimum);
    return drawBar(from, Math.max(widths[i] as number, 1), density / highest);
  });
  return draw(bars);
}

/** Where many quantiles are equal, rows have one of a few values: each share stands at the value that ends it. */
function drawCounts(edges: readonly number[], shares: readonly number[]): Html {
  const [minimum = 0, maximum = 0] = [edges[0], edges.at(-1)];
  const highest = Math.max(...shares);
  const bars = shares.map((share, i) => {
    const at = (width * ((edges[i + 1] as number) - minimum)) / (maximum - minimum);
    return drawBar(Math.min(Math.max(0, at - barWidth / 2), width - barWidth), barWidth, share / highest);
  });
  return draw(bars);
}

function drawBar(from: number, across: number, share: number): Html {
  const length = height * share;
  return html`<rect x="${round(from)}" y="${round(height - length)}" width="${round(across)}" height="${round(length)}"/>`;
}

const draw = (bars: readonly Html[]) =>
  html`<svg class="histogram" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;

const round = (value: number) => value.toFixed(2);
