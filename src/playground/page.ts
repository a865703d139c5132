/** The data that the server put into the page, and functions that build elements. */

export interface Feature {
  readonly name: string;
  readonly unit?: string;
  /** Values that are tensors are entered as JSON. */
  readonly kind: 'number' | 'integer' | 'boolean' | 'text' | 'json';
  /** Whether its value stays out of links. */
  readonly isPrivate?: boolean;
  /** Whether an empty field means null. */
  readonly nullable?: boolean;
  /** Used for an empty field. */
  readonly default?: Value;
  /** Known categories. */
  readonly categories?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Output {
  readonly name: string;
  readonly title: string;
  readonly unit?: string;
}

/** An input of the weights, and where in the form the values are that fill it. */
export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly features: readonly number[];
  /** Whether the values of a row are a list of their own. */
  readonly isNested: boolean;
}

export interface PageData {
  readonly model: string;
  /** The numbers of a prediction to draw: one per label or one in all, shares or not; undefined if it has none. */
  readonly drawn?: { readonly labels: 'each' | 'none'; readonly isShare: boolean };
  /** The path that asks this version, and not the candidate. */
  readonly champion: string;
  /** The path that asks the candidate; undefined without one. */
  readonly candidate?: string;
  /** Whether the endpoint explains predictions. */
  readonly isExplainable: boolean;
  /** What a prediction holds; empty if a hook makes it. */
  readonly outputs: readonly Output[];
  /** Root mean squared error of a regressor on rows that it had not seen. */
  readonly usualError?: number;
  readonly features: readonly Feature[];
  /** Undefined where the values of the form are not the elements of tensors. */
  readonly tensors?: readonly Tensor[];
  readonly labels: readonly string[];
  readonly samples: readonly { readonly title: string; readonly instance: readonly Value[] }[];
}

export type Value = number | boolean | string | null | readonly unknown[];

/** The element with this id, which always exists: the server builds page and script together. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

export const data = JSON.parse(byId('data').textContent ?? '') as PageData;

/** The base of the API: the page may be served under a path prefix, as functions are. */
export const base = location.origin + location.pathname.replace(/\/$/, '');

/** Sets the text of a live region only if it differs, since screen readers announce each change. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Creates an element; string children become text nodes. */
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

/** What a value is called; a card without a title only knows the name that the weights have for it. */
export function valueName(): string {
  const [output] = data.outputs;
  return output === undefined || output.title === output.name ? 'value' : output.title;
}

/** A value as text, with the unit of the card. */
export function withUnit(text: string): string {
  const [output] = data.outputs;
  return output?.unit === undefined ? text : `${text} ${output.unit}`;
}

/** The first of many names, and how many follow. */
export function listFew(names: readonly unknown[]): string {
  const others = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (others > 0 ? ` and ${others} more` : '');
}

const mostNames = 5;

/** A name within a sentence: not too long, and one that is read from right to left does not take the numbers behind it along. */
export function isolate(name: string): string {
  const shown = name.length > longName ? `${name.slice(0, longName)}…` : name;
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}

const longName = 60;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** Formats a number for reading: four significant digits, and all digits before the point. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return noNumber;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2).replace(/\.?0+e/, 'e');
  const decimals = size === 0 ? 0 : 3 - Math.floor(Math.log10(size));
  return String(Number(value.toFixed(Math.max(0, decimals))));
}

/** Shown in place of NaN. */
const noNumber = '–';

export function percent(share: number): string {
  if (!Number.isFinite(share)) return noNumber;
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 2 : 1)}\u00a0%`;
}
