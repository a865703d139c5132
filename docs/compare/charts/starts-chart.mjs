/** Every start as a mark, a strip for each contender. */
import { quantile } from '../../bench/measurements.mjs';
import { line, mark, palettes, text, toSvg, width } from './picture.mjs';
import { linearScale, linearTicks } from './scale.mjs';

const stripHeight = 58;
const plot = { left: 14, right: width - 22, top: 36 };

export function drawStartsChart(theme, { contenders }) {
  const palette = palettes[theme];
  const bottom = plot.top + contenders.length * stripHeight;
  const ticks = linearTicks(contenders.flatMap(({ starts }) => starts));
  const x = linearScale([0, ticks.at(-1)], [plot.left, plot.right]);
  const described = contenders.map(({ title, starts }) => `${title} ${seconds(quantile(starts, 0.5))}`);
  const picture = {
    title: 'Process start to the first correct prediction',
    description: `Median seconds: ${described.join(', ')}.`,
    height: bottom + 44,
  };
  return toSvg(picture, [
    text(8, 20, picture.title, { fill: palette.text, weight: 'bold' }),
    ...ticks.flatMap((tick) => [
      ...contenders.map((_, i) => drawTick(x(tick), plot.top + i * stripHeight, palette)),
      text(x(tick), bottom + 18, String(Number(tick.toFixed(2))), { fill: palette.muted, anchor: 'middle' }),
    ]),
    text((plot.left + plot.right) / 2, bottom + 38, 'seconds; each mark is one start, the bar their median', {
      fill: palette.muted,
      anchor: 'middle',
    }),
    ...contenders.flatMap((contender, i) => drawStrip(contender, palette, plot.top + i * stripHeight, x)),
  ]);
}

/** Grid lines stop below the words of each strip. */
function drawTick(x, top, palette) {
  return line([x, top + 27], [x, top + 53], { stroke: palette.grid });
}

function drawStrip({ id, title, starts }, palette, top, x) {
  const middle = top + 40;
  const typical = quantile(starts, 0.5);
  return [
    text(plot.left + 4, top + 20, title, { fill: palette[id], weight: 'bold' }),
    text(plot.right, top + 20, `median ${seconds(typical)}, p90 ${seconds(quantile(starts, 0.9))}`, {
      fill: palette.muted,
      anchor: 'end',
    }),
    // Marks of like starts lie beside each other, in the order of the rounds.
    ...starts.map((start, round) =>
      mark(id, x(start), middle + ((round % 5) - 2) * 3, { fill: palette[id], radius: 3, opacity: 0.6 }),
    ),
    line([x(typical), middle - 13], [x(typical), middle + 13], { stroke: palette.text, thick: 2 }),
  ];
}

const seconds = (value) => `${value.toFixed(2)} s`;
