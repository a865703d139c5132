/** A field of the page's form: the kind of input that suits its feature. */
import type { Feature } from '../../model/card/card';
import { drawHistogram } from './histogram';
import { type Html, html } from './html';
import { type PageFeature, varies } from './page-features';

export interface FieldOptions {
  readonly index: number;
  readonly feature: Feature;
  /** Values of the feature in the samples. */
  readonly examples: readonly unknown[];
}

export function createField(page: PageFeature, { index, feature, examples }: FieldOptions): Html {
  const { name, unit, minimum, maximum } = page;
  const { description, training } = feature;
  return html`<div class="field" data-field="${index}">
<label for="field-${index}">${toParts(name)}${unit && html` <span class="unit">${unit}</span>`}</label>
${varies(page) ? html`<span class="range">${minimum} to ${maximum}</span>` : ''}
${createInput(page, index, { feature, examples })}
${varies(page) ? html`<div class="slider">${training && drawHistogram(training)}${createSlider(page, index)}</div>` : ''}
<p class="hint" id="describes-${index}">${description === toEmptyWords(name) ? '' : description}${toConstant(page)}${toKnown(page, feature)}</p>
<p class="warning" id="warning-${index}" role="status"></p>
<p class="fault" id="fault-${index}"></p>
</div>`;
}

/** A long name folds behind the words that it is made of. */
const toParts = (name: string) => name.split(/(?<=[_.-])/).map((part, i) => html`${i > 0 ? html`<wbr>` : ''}${part}`);

/** What the packager writes where nobody described a column. */
const toEmptyWords = (name: string) => `The column ${name} of the training data.`;

function toConstant({ minimum, maximum }: PageFeature): string {
  return minimum !== undefined && minimum === maximum ? ` Always ${minimum} in the training data.` : '';
}

/** What the list of a select would show; here others are allowed, too. */
function toKnown({ categories = [] }: PageFeature, feature: Feature): string {
  if (categories.length === 0 || isSelect(categories, feature)) return '';
  const others = categories.length - mostNamed;
  return ` The model knows ${categories.slice(0, mostNamed).join(', ')}${others > 0 ? ` and ${others} more` : ''}.`;
}

const mostNamed = 5;

const inputModes = { number: 'decimal', integer: 'numeric', text: 'text', json: 'text' };
/** A select with more is slower to use than a field with suggestions. */
const mostOptions = 100;
/** Longer texts do not fit into a line. */
const lineLength = 40;
/** How PNG and JPEG files start in base64. */
const imageStart = /^(iVBORw0KGgo|\/9j\/)/;

function createInput(
  { kind, categories, nullable, default: fallback }: PageFeature,
  index: number,
  { feature, examples }: Pick<FieldOptions, 'feature' | 'examples'>,
): Html {
  const shared = html`id="field-${index}" aria-describedby="describes-${index} warning-${index} fault-${index}"`;
  if (kind === 'boolean') return html`<input ${shared} type="checkbox" role="switch">`;
  if (categories !== undefined && isSelect(categories, feature))
    return createSelect(shared, categories, nullable === true || fallback !== undefined);
  if (kind === 'json') return html`<textarea ${shared} class="code" rows="4" spellcheck="false"></textarea>`;
  if (kind === 'text' && categories === undefined && isLong(feature, examples))
    return createText(shared, index, examples);
  const typed = html`${shared} type="text" autocomplete="off" spellcheck="false" inputmode="${inputModes[kind]}"`;
  if (kind !== 'text' && categories === undefined) return html`<input ${typed}>`;
  const values = [...new Set((categories ?? examples).map(String))];
  return html`<input ${typed} list="suggested-${index}">
<datalist id="suggested-${index}">${values.map((value) => html`<option value="${value}"></option>`)}</datalist>`;
}

function isSelect(categories: readonly unknown[], { unknownCategories }: Feature): boolean {
  return categories.length <= mostOptions && unknownCategories !== 'pass';
}

function createSelect(shared: Html, categories: readonly (string | number)[], mayBeEmpty: boolean): Html {
  const empty = mayBeEmpty ? html`<option value="">(none)</option>` : '';
  return html`<select ${shared}>${empty}${categories.map((value) => html`<option value="${value}">${value}</option>`)}</select>`;
}

function isLong({ tokenizer }: Feature, examples: readonly unknown[]): boolean {
  return tokenizer !== undefined || examples.some((text) => String(text).length > lineLength);
}

/** A text area; with a place for a file where the samples are images in base64. */
function createText(shared: Html, index: number, examples: readonly unknown[]): Html {
  const area = html`<textarea ${shared} rows="4"></textarea>`;
  if (!examples.some((text) => imageStart.test(String(text)))) return area;
  return html`<div class="drop" data-drop="${index}">
<canvas id="picture-${index}" width="0" height="0" role="img" aria-label="The image"></canvas>
<label for="file-${index}">Drop an image here, or choose one</label>
<input id="file-${index}" type="file" accept="image/*">
<details><summary>As base64</summary>${area}</details>
</div>`;
}

function createSlider({ name, kind, minimum = 0, maximum = 0 }: PageFeature, index: number): Html {
  const step = stepOf(maximum - minimum, kind === 'integer' ? 1 : 0);
  return html`<input id="slider-${index}" type="range" min="${minimum}" max="${maximum}" step="${step}" aria-label="${name}, slider">`;
}

/** A power of ten that divides the range into 20 to 200 steps. */
function stepOf(range: number, least: number): number {
  return range > 0 ? Math.max(least, Number(`1e${Math.floor(Math.log10(range / 20))}`)) : 1;
}
