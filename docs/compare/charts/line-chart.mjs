/** A figure of each contender over steps such as percentiles, on a logarithmic scale, with its name at the end of its line. */
import { line, mark, palettes, polyline, shortTitles, text, toSvg, width } from './picture.mjs';
import { logScale, logTicks, spread } from './scale.mjs';

const height = 330;
const plot = { left: 62, right: width - 146, top: 44, bottom: height - 48 };
const labelDistance = 18;

/**
 * @param {{ title: string, unit: string, foot: string, steps: string[], format: (value: number) => string,
 *   series: { id: string, values: number[] }[] }} chart
 */
export function drawLineChart(theme, { title, unit, foot, steps, format, series }) {
  const palette = palettes[theme];
  const ticks = logTicks(series.flatMap(({ values }) => values));
  const y = logScale([ticks[0], ticks.at(-1)], [plot.bottom, plot.top]);
  const x = (step) => plot.left + 16 + (step * (plot.right - plot.left - 32)) / (steps.length - 1);
  const labels = spread(
    series.map(({ values }) => y(values.at(-1))),
    labelDistance,
  );
  return toSvg({ title, description: describe(steps, series, format), height }, [
    text(8, 20, unit, { fill: palette.text, weight: 'bold' }),
    ...ticks.flatMap((tick) => [
      line([plot.left, y(tick)], [plot.right, y(tick)], { stroke: palette.grid }),
      text(plot.left - 8, y(tick) + 5, format(tick), { fill: palette.muted, anchor: 'end' }),
    ]),
    ...steps.map((step, i) => text(x(i), plot.bottom + 20, step, { fill: palette.muted, anchor: 'middle' })),
    text((plot.left + plot.right) / 2, plot.bottom + 40, foot, { fill: palette.muted, anchor: 'middle' }),
    ...series.flatMap(({ id, values }, i) => [
      polyline(
        values.map((value, step) => [x(step), y(value)]),
        { stroke: palette[id] },
      ),
      ...values.map((value, step) => mark(id, x(step), y(value), { fill: palette[id] })),
      text(plot.right + 8, labels[i] + 5, shortTitles[id], { fill: palette[id], weight: 'bold' }),
    ]),
  ]);
}

function describe(steps, series, format) {
  const first = ({ id, values }) => `${shortTitles[id]} ${format(round(values[0]))} to ${format(round(values.at(-1)))}`;
  return `From ${steps[0]} to ${steps.at(-1)}: ${series.map(first).join(', ')}.`;
}

const round = (value) => Number(value.toPrecision(3));
