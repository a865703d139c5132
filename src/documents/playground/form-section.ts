/** The form of the page: a field for each feature, a slider where its range is known, and samples to start from. */
import type { Card, Feature } from '../../model/card';
import type { TensorSpec } from '../../model/tensors';
import { type Html, html } from './html';

/** What the page's code needs to know of a feature. */
export interface PageFeature {
  readonly name: string;
  readonly unit?: string;
  /** A value that is a tensor itself is written as JSON. */
  readonly kind: 'number' | 'boolean' | 'text' | 'json';
  /** Whether an empty field is null. */
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export function toPageFeatures({ features, inputs }: Card): readonly PageFeature[] {
  return features.map(({ name, unit, input, shape, nullable, training }) => ({
    name,
    kind: shape === undefined ? kindOf(inputs.find((spec) => spec.name === input) as TensorSpec) : 'json',
    ...(nullable === true && { nullable }),
    ...(unit !== undefined && { unit }),
    ...(training !== undefined && { minimum: training.minimum, maximum: training.maximum }),
  }));
}

function kindOf({ datatype }: TensorSpec): PageFeature['kind'] {
  if (datatype === 'BYTES') return 'text';
  return datatype === 'BOOL' ? 'boolean' : 'number';
}

export function createForm(card: Card, samples: readonly { readonly title: string }[]): Html {
  const kinds = toPageFeatures(card).map(({ kind }) => kind);
  return html`<section class="panel" aria-labelledby="input-title">
<h2 id="input-title">Input</h2>
<p class="hint" id="samples-title">Start from a sample:</p>
<div class="samples" role="group" aria-labelledby="samples-title">
${samples.map(({ title }, i) => html`<button type="button" data-sample="${i}">${title}</button>`)}
</div>
<form id="form" novalidate>
${card.features.map((feature, index) => toField(feature, index, kinds[index] ?? 'number'))}
</form>
</section>`;
}

function toField(feature: Feature, index: number, kind: PageFeature['kind']): Html {
  const { name, description, unit, training, categories } = feature;
  const range = training && html`<span class="range">${training.minimum} to ${training.maximum}</span>`;
  const described = `describes-${index} warning-${index}`;
  const field =
    kind === 'boolean'
      ? html`<input id="field-${index}" type="checkbox" aria-describedby="${described}">`
      : html`<input id="field-${index}" type="text" ${kind === 'number' ? html`inputmode="decimal"` : ''} ${categories && html`list="categories-${index}"`} autocomplete="off" spellcheck="false" aria-describedby="${described}">${categories && toDatalist(categories, index)}`;
  return html`<div class="field">
<label for="field-${index}">${name}${unit && html` <span class="unit">${unit}</span>`}</label>${range}
${field}
${training && kind === 'number' ? toSlider(name, index, training) : ''}
<p class="hint" id="describes-${index}">${description}</p>
<p class="warning" id="warning-${index}" role="status"></p>
</div>`;
}

function toDatalist(categories: NonNullable<Feature['categories']>, index: number): Html {
  return html`<datalist id="categories-${index}">${categories.map((category) => html`<option value="${category}"></option>`)}</datalist>`;
}

function toSlider(name: string, index: number, { minimum, maximum }: NonNullable<Feature['training']>): Html {
  return html`<input id="slider-${index}" type="range" min="${minimum}" max="${maximum}" step="${stepOf(maximum - minimum)}" aria-label="${name}, slider">`;
}

/** A round step, of which a range has some hundred. */
function stepOf(range: number): number {
  return range > 0 ? Number(`1e${Math.floor(Math.log10(range / 20))}`) : 1;
}
