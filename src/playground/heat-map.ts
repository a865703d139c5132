/** Draws how the prediction changes along two features at once, from one request of a grid of rows. */
import { explore, type Prediction } from './api';
import type { Entries } from './entries';
import { drawnValue } from './lines';
import { byId, createSvg, data, type Feature, isolate, percent, readable, say, type Value, valueName } from './page';
import { points, rowsOf } from './sweep';

/** Cells on each side, at most: 441 rows in one request. */
const mostCells = 21;
const size = 20;

export async function showHeatMap(
  entries: Entries,
  [across, up]: readonly [number, number],
  signal: AbortSignal,
  here: Prediction,
): Promise<void> {
  const [x, y] = [data.features[across] as Feature, data.features[up] as Feature];
  const cells = Math.floor(Math.sqrt(rowsOf(mostCells ** 2)));
  const [columns, rows] = [points(x, cells), points(y, cells)];
  const grid = rows.toReversed().flatMap((atY) => columns.map((atX) => entries.with(across, atX).with(up, atY)));
  const numbers = (await explore(grid, signal)).map((prediction) => numberOf(prediction, here));
  draw(numbers, columns.length, rows.length);
  byId('heat').append(...drawPlace(placeOf(x, entries[across], columns), 1 - placeOf(y, entries[up], rows)));
  say(byId('heat-sum'), describe([x, y], numbers, here));
}

/** For a feature with itself. */
export function clearHeatMap(): void {
  byId('heat').replaceChildren();
  say(byId('heat-sum'), 'Choose two different features.');
}

/** The value; for classes, the probability of the label that is predicted now. */
function numberOf(prediction: Prediction, { label }: Prediction): number {
  if (data.drawn?.labels === 'none') return drawnValue(prediction);
  return prediction.probabilities?.[label ?? ''] ?? Number.NaN;
}

function draw(numbers: readonly number[], columns: number, rows: number): void {
  const known = numbers.filter(Number.isFinite);
  const [low, high] = data.drawn?.isShare ? [0, 1] : [Math.min(...known), Math.max(...known)];
  const boxes = numbers.map((number, i) => {
    const strength = Number.isFinite(number) ? (number - low) / (high - low || 1) : 0;
    const place = { x: (i % columns) * size, y: Math.floor(i / columns) * size, width: size, height: size };
    return createSvg('rect', { ...place, class: 'cell', 'fill-opacity': (0.04 + 0.96 * strength).toFixed(3) });
  });
  const map = byId('heat');
  map.setAttribute('viewBox', `0 0 ${columns * size} ${rows * size}`);
  map.replaceChildren(...boxes);
}

/** From 0 to 1, in the middle of the first cell and of the last one for the ends; NaN outside. */
function placeOf({ minimum = 0, maximum = 0 }: Feature, value: Value | undefined, cells: readonly number[]): number {
  const share = (Number(value) - minimum) / (maximum - minimum);
  return share >= 0 && share <= 1 ? (0.5 + share * (cells.length - 1)) / cells.length : Number.NaN;
}

/** Two lines that cross at the row of the form, where it is on the map. */
function drawPlace(across: number, down: number): readonly SVGElement[] {
  if (Number.isNaN(across + down)) return [];
  const [x, y] = [`${100 * across}%`, `${100 * down}%`];
  const ends = [
    { x1: x, x2: x, y1: 0, y2: '100%' },
    { x1: 0, x2: '100%', y1: y, y2: y },
  ];
  // A light line on a dark one can be seen on any colour.
  return ['under', 'over'].flatMap((kind) => ends.map((end) => createSvg('line', { ...end, class: `place ${kind}` })));
}

function describe([x, y]: readonly [Feature, Feature], numbers: readonly number[], { label }: Prediction): string {
  const known = numbers.filter(Number.isFinite);
  const write = data.drawn?.isShare ? percent : readable;
  const what = label ? `Probability of ${isolate(label)}` : `The ${valueName()}`;
  const range = `from ${write(Math.min(...known))} to ${write(Math.max(...known))}; the stronger the colour, the higher. The lines cross at the input`;
  return `${what}, ${range}. Across: ${x.name}, ${x.minimum} to ${x.maximum}. Up: ${y.name}, ${y.minimum} to ${y.maximum}.`;
}
