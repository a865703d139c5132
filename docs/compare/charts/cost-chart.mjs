/** Requests for a dollar in three situations, up to what the fee for requests alone allows. */
import { spaced } from '../../bench/report.mjs';
import { fee, requestsPerDollar, toCosts } from '../costs.mjs';
import { line, mark, palettes, shortTitles, text, toSvg, width } from './picture.mjs';
import { logScale, logTicks } from './scale.mjs';

const rowHeight = 20;
const plot = { left: 140, right: width - 24, top: 46 };

export function drawCostChart(theme, { contenders }) {
  const palette = palettes[theme];
  const situations = toSituations(contenders);
  const values = situations.flatMap(({ rows }) => rows.map(({ value }) => value));
  const ticks = logTicks([...values, requestsPerDollar(0)]).filter((tick) => /^1/.test(String(tick)));
  const span = [Math.min(...values) / 1.5, requestsPerDollar(0) * 1.1];
  const x = logScale(span, [plot.left, plot.right]);
  const groupHeight = (contenders.length + 2) * rowHeight;
  const bottom = plot.top + situations.length * groupHeight - rowHeight / 4;
  const ceiling = x(requestsPerDollar(0));
  const picture = {
    title: 'Requests per dollar',
    description: situations.map(({ name, rows }) => `${name}: ${rows.map(describe).join(', ')}.`).join(' '),
    height: bottom + 44,
  };
  return toSvg(picture, [
    text(8, 20, picture.title, { fill: palette.text, weight: 'bold' }),
    text(plot.right + 16, 20, `the fee alone: ${spaced(1 / fee)}`, { fill: palette.muted, anchor: 'end' }),
    line([ceiling, 28], [ceiling, bottom], { stroke: palette.muted, dash: '4 3' }),
    ...ticks
      .filter((tick) => tick >= span[0] && tick <= span[1])
      .flatMap((tick) => [
        line([x(tick), bottom], [x(tick), bottom + 5], { stroke: palette.muted }),
        text(x(tick), bottom + 18, spaced(tick), { fill: palette.muted, anchor: 'middle' }),
      ]),
    line([plot.left, bottom], [plot.right, bottom], { stroke: palette.muted }),
    text((plot.left + plot.right) / 2, bottom + 38, 'requests per dollar', { fill: palette.muted, anchor: 'middle' }),
    ...situations.flatMap((situation, i) => drawSituation(situation, palette, plot.top + i * groupHeight, x)),
  ]);
}

function toSituations(contenders) {
  return Object.keys(toCosts(contenders[0])).map((name) => ({
    name,
    rows: contenders.map((contender) => ({ ...contender, value: requestsPerDollar(toCosts(contender)[name]) })),
  }));
}

const describe = ({ title, value }) => `${title} ${toCount(value)}`;

function drawSituation({ name, rows }, palette, top, x) {
  return [
    text(8, top + 14, name, { fill: palette.text, weight: 'bold' }),
    ...rows.flatMap(({ id, value }, i) => drawRow(id, value, palette, top + (i + 1.75) * rowHeight, x)),
  ];
}

function drawRow(id, value, palette, middle, x) {
  const isRight = x(value) > (plot.left + plot.right) / 2;
  return [
    text(20, middle + 5, shortTitles[id], { fill: palette[id] }),
    mark(id, x(value), middle, { fill: palette[id] }),
    text(x(value) + (isRight ? -10 : 10), middle + 5, toCount(value), {
      fill: palette.text,
      anchor: isRight ? 'end' : 'start',
    }),
  ];
}

/** Three digits are what a measurement bears. */
function toCount(value) {
  return spaced(Number(value.toPrecision(3)));
}
