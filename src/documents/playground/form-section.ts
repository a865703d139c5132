/** The page's form: a field per feature, a slider if its range is known, and samples to start from. */
import type { Card } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import type { Kind } from '../../model/tensors/elements';
import type { TensorSpec } from '../../model/tensors/tensors';
import { type Html, html } from './html';
import type { TitledSample } from './samples';

/** What the page's script needs to know about a feature. */
export interface PageFeature {
  readonly name: string;
  readonly unit?: string;
  /** Values that are tensors are entered as JSON. */
  readonly kind: Kind | 'json';
  /** Whether an empty field means null. */
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export function toPageFeatures({ features, inputs }: Card): readonly PageFeature[] {
  return features.map(({ name, unit, input, shape, categories, nullable, training }) => {
    const { datatype } = inputs.find((spec) => spec.name === input) as TensorSpec;
    const kind = shape === undefined ? datatypes[datatype].kind : 'json';
    const isRanged = training !== undefined && categories === undefined && (kind === 'number' || kind === 'integer');
    return {
      name,
      kind,
      ...(nullable === true && { nullable }),
      ...(unit !== undefined && { unit }),
      ...(isRanged && { minimum: training.minimum, maximum: training.maximum }),
    };
  });
}

export function createForm(card: Card, samples: readonly TitledSample[]): Html {
  const pageFeatures = toPageFeatures(card);
  const fields = card.features.map(({ description, categories }, index) => {
    const suggested = categories ?? samples.map(({ instance }) => instance[index]);
    return toField(pageFeatures[index] as PageFeature, { index, description, suggested });
  });
  return html`<section class="panel" aria-labelledby="input-title">
<h2 id="input-title">Input</h2>
<p class="hint" id="samples-title">Start from a sample:</p>
<div class="samples" role="group" aria-labelledby="samples-title">
${samples.map(({ title }, i) => html`<button type="button" data-sample="${i}">${title}</button>`)}
</div>
<form id="form" novalidate>
${fields}
</form>
</section>`;
}

interface FieldOptions {
  readonly index: number;
  readonly description: string | undefined;
  /** Categories, or the values in the samples. */
  readonly suggested: readonly unknown[];
}

function toField(feature: PageFeature, { index, description, suggested }: FieldOptions): Html {
  const { name, unit, minimum, maximum } = feature;
  const hasRange = minimum !== undefined && maximum !== undefined;
  return html`<div class="field">
<label for="field-${index}">${name}${unit && html` <span class="unit">${unit}</span>`}</label>
${hasRange ? html`<span class="range">${minimum} to ${maximum}</span>` : ''}
${toInput(feature, index, suggested)}
${hasRange ? toSlider(feature, index) : ''}
<p class="hint" id="describes-${index}">${description}</p>
<p class="warning" id="warning-${index}" role="status"></p>
</div>`;
}

const inputModes = { number: 'decimal', integer: 'numeric', text: 'text', json: 'text' };

function toInput({ kind }: PageFeature, index: number, suggested: readonly unknown[]): Html {
  const shared = html`id="field-${index}" aria-describedby="describes-${index} warning-${index}"`;
  if (kind === 'boolean') return html`<input ${shared} type="checkbox">`;
  const typed = html`${shared} type="text" autocomplete="off" spellcheck="false" inputmode="${inputModes[kind]}"`;
  if (kind !== 'text') return html`<input ${typed}>`;
  const values = [...new Set(suggested.map(String))];
  return html`<input ${typed} list="suggested-${index}">
<datalist id="suggested-${index}">${values.map((value) => html`<option value="${value}"></option>`)}</datalist>`;
}

function toSlider({ name, kind, minimum = 0, maximum = 0 }: PageFeature, index: number): Html {
  const step = stepOf(maximum - minimum, kind === 'integer' ? 1 : 0);
  return html`<input id="slider-${index}" type="range" min="${minimum}" max="${maximum}" step="${step}" aria-label="${name}, slider">`;
}

/** A power of ten that divides the range into 20 to 200 steps. */
function stepOf(range: number, least: number): number {
  return range > 0 ? Math.max(least, Number(`1e${Math.floor(Math.log10(range / 20))}`)) : 1;
}
