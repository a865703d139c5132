/** Shows values that are no single number: named values as a table, a vector as a strip of bars, tensors by their shape. */
import { create, createSvg, readable } from './page';

/** Limits for readability. */
const maxListed = 50;
const maxBars = 512;
const maxHeadline = 3;
/** More rows of numbers are folded. */
const maxOpen = 8;
const maxTextLength = 200;

/** A value in a few words. */
export function describe(value: unknown): string {
  if (typeof value === 'number') return readable(value);
  if (typeof value === 'string') return shorten(value);
  if (Array.isArray(value)) {
    if (value.length <= maxHeadline && value.every((each) => typeof each !== 'object' || each === null))
      return value.map(describe).join(', ');
    const of = value.flat(Number.POSITIVE_INFINITY).every((each) => typeof each === 'number') ? 'numbers' : 'values';
    return `${shapeOf(value).join('\u00a0×\u00a0')} ${of}`;
  }
  if (typeof value === 'object' && value !== null) return describeMembers(Object.entries(value));
  return String(value);
}

function describeMembers(members: readonly (readonly [string, unknown])[]): string {
  const shown = members.slice(0, maxHeadline).map(([name, value]) => `${name}\u00a0${describe(value)}`);
  return [...shown, ...(members.length > maxHeadline ? [`${members.length - maxHeadline} more`] : [])].join(', ');
}

/** The elements that show a value in full, or the start of it. */
export function present(title: string, value: unknown): readonly Node[] {
  if (Array.isArray(value) && value.length === 1) return present(title, value[0]);
  if (isNumbers(value) && value.length > maxOpen)
    return [
      drawStrip(title, value),
      toTable(
        value.map((each, i) => [`${i}`, each]),
        1,
      ),
    ];
  if (Array.isArray(value) && value.every(isNumbers) && value.length > 0)
    return [
      toTable(
        value.map((row, i) => [`${i}`, ...row]),
        maxOpen,
      ),
    ];
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null))
    return [
      toTable(
        value.map((each, i) => [`${i}`, each]),
        maxListed,
      ),
    ];
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return [
      toTable(
        Object.entries(value).map(([name, each]) => [name, each]),
        Number.POSITIVE_INFINITY,
      ),
    ];
  return typeof value === 'object' ? [toSource(value)] : [create('p', {}, describe(value))];
}

function isNumbers(value: unknown): value is readonly (number | null)[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number' || each === null);
}

function shapeOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [value.length, ...(value.length > 0 ? shapeOf(value[0]) : [])] : [];
}

/** A bar for each number, up or down. */
function drawStrip(title: string, numbers: readonly (number | null)[]): SVGElement {
  const shown = toBars(numbers);
  const largest = Math.max(...shown.map(Math.abs), Number.MIN_VALUE);
  const bars = shown.map((each, i) => {
    const height = (50 * Math.abs(each)) / largest;
    const y = each < 0 ? 50 : 50 - height;
    return createSvg('rect', { x: i + 0.1, y, width: 0.8, height, class: each < 0 ? 'less' : 'more' });
  });
  const label = `${title}: ${numbers.length} numbers, the largest ${readable(largest)} in size.`;
  const viewBox = `0 0 ${shown.length} 100`;
  return createSvg(
    'svg',
    { class: 'strip', viewBox, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    ...bars,
  );
}

/** Each number, or of many the one of a few neighbours that is furthest from zero. */
function toBars(numbers: readonly (number | null)[]): readonly number[] {
  const width = Math.ceil(numbers.length / maxBars);
  return Array.from({ length: Math.ceil(numbers.length / width) }, (_, i) =>
    numbers
      .slice(i * width, (i + 1) * width)
      .reduce((furthest: number, each) => (Math.abs(each ?? 0) > Math.abs(furthest) ? (each ?? 0) : furthest), 0),
  );
}

/** Rows that start with their name; closed if there are more than a few. */
function toTable(rows: readonly (readonly unknown[])[], mostOpen: number): HTMLElement {
  const shown = rows
    .slice(0, maxListed)
    .map(([name, ...cells]) =>
      create(
        'tr',
        {},
        create('th', { scope: 'row' }, String(name)),
        ...cells.slice(0, maxListed).map((cell) => create('td', {}, describe(cell))),
      ),
    );
  const table = create('table', { class: 'values' }, create('tbody', {}, ...shown));
  const place = create(
    'div',
    { class: 'scroll values-scroll', tabindex: '0', role: 'region', 'aria-label': 'Values' },
    table,
  );
  if (rows.length <= mostOpen) return place;
  const title =
    rows.length > maxListed ? `The first ${maxListed} of ${rows.length} in numbers` : `All ${rows.length} in numbers`;
  return create('details', {}, create('summary', {}, title), place);
}

function toSource(value: unknown): HTMLElement {
  const text = JSON.stringify(value);
  const code = create(
    'pre',
    { tabindex: '0', role: 'region', 'aria-label': 'The value as JSON' },
    text.slice(0, 10_000),
  );
  return create('details', {}, create('summary', {}, 'As JSON'), code);
}

function shorten(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
