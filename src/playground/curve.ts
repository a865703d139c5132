/** Draws how the prediction changes along one feature with the rest fixed, from one request of many rows. */
import type { Prediction } from './api';
import { createFrame, drawAxes, type Frame } from './axes';
import { describeLines, type Line, toLines } from './lines';
import { byId, create, createSvg, data, type Feature, readable, say, type Value } from './page';
import { padded } from './scale';
import { points, rowsOf } from './sweep';

const maxPoints = 81;
const maxWidth = 640;
const minWidth = 260;
const height = 260;

/** The feature values of a curve; empty without a range, or without a number to draw. */
export function sweep(feature: Feature): readonly number[] {
  const { minimum = 0, maximum = 0 } = feature;
  return data.drawn === undefined || minimum >= maximum ? [] : points(feature, rowsOf(maxPoints));
}

export interface Curve {
  readonly feature: Feature;
  /** The feature's value in the form. */
  readonly value: Value | undefined;
  readonly along: readonly number[];
  readonly predictions: readonly Prediction[];
  /** The prediction for the form's instance. */
  readonly here: Prediction;
}

/** Draws into its panel, which exists where a feature has a range. */
export function drawCurve({ feature, value, along, predictions, here }: Curve): void {
  const { name, minimum = 0, maximum = 1 } = feature;
  const lines = toLines(predictions, here);
  const drawing = byId('curve');
  // Drawn at display width, so that its text matches the page's font size.
  const width = Math.min(Math.max(drawing.clientWidth, minWidth), maxWidth);
  const frame = createFrame({ width, height, x: [minimum, maximum], y: rangeOf(lines), write });
  const isInside = typeof value === 'number' && value >= minimum && value <= maximum;
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  drawing.replaceChildren(
    ...drawAxes(frame, titleOf(feature)),
    ...lines.map((line, i) => drawLine(line, i, along, frame)),
    ...(isInside ? drawMarker(value, lines, frame) : []),
  );
  drawing.setAttribute('aria-label', describeLines(name, lines));
  say(
    byId('curve-note'),
    lines.some(({ values }) => values.some(Number.isFinite)) ? '' : 'The model gives no number along this feature.',
  );
  byId('legend').replaceChildren(...(lines.length > 1 ? lines.map(({ title }, i) => toLegend(title, i)) : []));
}

/** Shares up to 1 have few digits. */
const write = data.drawn?.isShare ? (share: number) => `${readable(100 * share)} %` : readable;

function rangeOf(lines: readonly Line[]): readonly [number, number] {
  if (data.drawn?.isShare) return [0, 1];
  const values = lines.flatMap((line) => line.values.filter(Number.isFinite));
  return values.length === 0 ? [0, 1] : padded(Math.min(...values), Math.max(...values));
}

function titleOf({ name, unit }: Feature): string {
  return unit === undefined ? name : `${name}, ${unit}`;
}

function drawLine({ values }: Line, index: number, along: readonly number[], { x, y }: Frame): SVGElement {
  // Points without a number are skipped.
  const places = values.flatMap((value, i) =>
    Number.isFinite(value) ? [`${x.at(along[i] as number).toFixed(1)},${y.at(value).toFixed(1)}`] : [],
  );
  return createSvg('polyline', { class: `line color-${index}`, points: places.join(' ') });
}

/** Marks the form's values on the lines. */
function drawMarker(value: number, lines: readonly Line[], { x, y, top, bottom }: Frame): readonly SVGElement[] {
  const at = x.at(value);
  return [
    createSvg('line', { class: 'marker', x1: at, x2: at, y1: top, y2: bottom }),
    ...lines.flatMap(({ here }, i) =>
      Number.isFinite(here) ? [createSvg('circle', { class: `dot color-${i}`, cx: at, cy: y.at(here), r: 4.5 })] : [],
    ),
  ];
}

function toLegend(title: string, index: number): HTMLElement {
  const sample = createSvg('svg', { class: 'swatch', viewBox: '0 0 28 6', 'aria-hidden': 'true' });
  sample.append(createSvg('line', { class: `line color-${index}`, x1: 0, x2: 28, y1: 3, y2: 3 }));
  return create('li', {}, sample, title);
}
