/** What the page was made from, and the elements that it is made of. */

export interface Feature {
  readonly name: string;
  readonly unit?: string;
  /** A value that is a tensor itself is written as JSON. */
  readonly kind: 'number' | 'integer' | 'boolean' | 'text' | 'json';
  /** Whether an empty field is null. */
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface PageData {
  readonly model: string;
  /** The role of the numbers that are drawn: one for each label or not, shares or not; undefined when there are none. */
  readonly drawn?: { readonly labels: 'each' | 'none'; readonly isShare: boolean };
  readonly features: readonly Feature[];
  readonly labels: readonly string[];
  readonly samples: readonly { readonly title: string; readonly instance: readonly Value[] }[];
}

export type Value = number | boolean | string | null | readonly unknown[];

/** The element with this id. The server writes the page and this code together, so that it is there. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

export const data = JSON.parse(byId('data').textContent ?? '') as PageData;

/** Where the API is: the page may be served below a path, as functions are. */
export const base = location.origin + location.pathname.replace(/\/$/, '');

/** Sets the text of an element that a screen reader speaks at each change, if it is another. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An element with attributes and children; text is text. */
export function create(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function createSvg(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** A number that is pleasant to read: four digits, and all that stand before the point. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return noNumber;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2);
  const decimals = size === 0 ? 0 : 3 - Math.floor(Math.log10(size));
  return String(Number(value.toFixed(Math.max(0, decimals))));
}

/** Where the model has no number. */
const noNumber = '–';

export function percent(share: number): string {
  if (!Number.isFinite(share)) return noNumber;
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 2 : 1)} %`;
}
