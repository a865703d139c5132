/** The frame of a drawing, with room for its numbers at the reader's size of text, and its axes. */
import { createSvg, readable } from './page';
import { createScale, type Scale, ticks } from './scale';

interface Framed {
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Writes the numbers of the upright axis. */
  write(value: number): string;
}

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Height of a line of text, and approximate width of a letter. */
  readonly line: number;
  readonly letter: number;
  readonly height: number;
  write(value: number): string;
}

const margin = 12;
const mostTicks = { x: 6, y: 5 };

export function createFrame({ width, height, x, y, write }: Framed): Frame {
  const line = 1.1 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const letter = 0.42 * line;
  const [top, right] = [margin, width - margin];
  const bottom = height - 2.4 * line;
  const upright = createScale(...y, bottom, top);
  const left = margin + letter * widest(ticks(upright, mostTicks.y), write);
  return { x: createScale(...x, left, right), y: upright, left, right, top, bottom, line, letter, height, write };
}

const widest = (values: readonly number[], write: (value: number) => string) =>
  Math.max(...values.map((value) => write(value).length));

export function drawAxes(frame: Frame, title: string): readonly SVGElement[] {
  const { x, y, left, right, bottom, line, letter, height, write } = frame;
  const fits = Math.floor((right - left) / letter);
  const shown = title.length > fits ? `${title.slice(0, fits - 1)}…` : title;
  const number = letter * (2 + widest(ticks(x, mostTicks.x), readable));
  const count = Math.max(1, Math.min(mostTicks.x, Math.floor((right - left) / number)));
  return [
    ...ticks(y, mostTicks.y).flatMap((value) => [
      createSvg('line', { class: 'grid', x1: left, x2: right, y1: y.at(value), y2: y.at(value) }),
      createSvg('text', { x: left - 8, y: y.at(value) + line / 4, 'text-anchor': 'end' }, write(value)),
    ]),
    ...ticks(x, count).map((value) =>
      createSvg('text', { x: x.at(value), y: bottom + line, 'text-anchor': 'middle' }, readable(value)),
    ),
    createSvg('text', { class: 'title', x: (left + right) / 2, y: height - 4, 'text-anchor': 'middle' }, shown),
  ];
}
