/** How the prediction changes along one feature, all others kept: one request of many rows, drawn as lines. */
import type { Prediction } from './api';
import { byId, createSvg, data, type Feature, readable, type Value } from './page';

const points = 81;
const mostWidth = 640;
const leastWidth = 280;
const height = 260;
const frame = { left: 52, right: 12, top: 12, bottom: 40 };

/** The instances of a curve; none for a feature without a range. */
export function sweep(instance: readonly Value[], feature: number): readonly (readonly Value[])[] {
  if (data.drawn === undefined || data.features.length === 0) return [];
  return valuesOf(data.features[feature] as Feature).map((value) => instance.with(feature, value));
}

function valuesOf({ minimum, maximum }: Feature): readonly number[] {
  if (minimum === undefined || maximum === undefined || minimum === maximum) return [];
  return Array.from({ length: points }, (_, i) => minimum + ((maximum - minimum) * i) / (points - 1));
}

/** The lines of all labels, or of the value. */
export function drawCurve(feature: number, instance: readonly Value[], predictions: readonly Prediction[]): void {
  const { name, unit, minimum = 0, maximum = 1 } = data.features[feature] as Feature;
  const lines = toLines(predictions);
  const numbers = lines.flatMap(({ values }) => values);
  const drawing = byId('curve');
  // As wide as it is shown, so that its letters are as large as others.
  const width = Math.min(Math.max(drawing.clientWidth, leastWidth), mostWidth);
  const innerWidth = width - frame.left - frame.right;
  const isShare = data.drawn === 'probabilities';
  const [low, high] = isShare ? [0, 1] : padded(Math.min(...numbers), Math.max(...numbers));
  const x = (value: number) => frame.left + ((value - minimum) / (maximum - minimum)) * innerWidth;
  const y = (value: number) => frame.top + (1 - (value - low) / (high - low)) * (height - frame.top - frame.bottom);
  const xs = valuesOf(data.features[feature] as Feature).map(x);

  const axes = [
    ...ticks(low, high).flatMap((value) => [
      createSvg('line', { class: 'grid', x1: frame.left, x2: width - frame.right, y1: y(value), y2: y(value) }),
      createSvg('text', { x: frame.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, readable(value)),
    ]),
    ...ticks(minimum, maximum).map((value) =>
      createSvg('text', { x: x(value), y: height - frame.bottom + 18, 'text-anchor': 'middle' }, readable(value)),
    ),
    createSvg(
      'text',
      { x: frame.left + innerWidth / 2, y: height - 4, 'text-anchor': 'middle', class: 'title' },
      unit === undefined ? name : `${name}, ${unit}`,
    ),
  ];
  const paths = lines.map(({ values }, i) =>
    createSvg('polyline', {
      class: `line color-${i % 6}`,
      points: values.map((value, at) => `${(xs[at] as number).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
    }),
  );
  const here = Math.min(Math.max(Number(instance[feature]), minimum), maximum);
  const marker = createSvg('line', {
    class: 'marker',
    x1: x(here),
    x2: x(here),
    y1: frame.top,
    y2: height - frame.bottom,
  });
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  drawing.replaceChildren(...axes, ...paths, ...(Number.isFinite(here) ? [marker] : []));
  drawing.setAttribute('aria-label', describe(name, lines));
}

interface Line {
  readonly title: string;
  readonly values: readonly number[];
}

function toLines(predictions: readonly Prediction[]): readonly Line[] {
  if (data.drawn === 'value') return [{ title: 'value', values: predictions.map(({ value }) => Number(value)) }];
  return data.labels.map((label) => ({
    title: label,
    values: predictions.map(({ probabilities = {} }) => probabilities[label] ?? 0),
  }));
}

/** What the drawing says, for who cannot see it. */
function describe(name: string, lines: readonly Line[]): string {
  const ends = lines.map(
    ({ title, values }) => `${title} from ${readable(values[0] ?? 0)} to ${readable(values.at(-1) ?? 0)}`,
  );
  return `Along ${name}: ${ends.join('; ')}.`;
}

function padded(low: number, high: number): readonly [number, number] {
  const space = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
  return [low - space, high + space];
}

function ticks(low: number, high: number): readonly number[] {
  return Array.from({ length: 5 }, (_, i) => low + ((high - low) * i) / 4);
}
