/** Renders the model card. */
import type { Card } from '../../model/card/card';
import { type Html, html } from './html';

/** Card members that only the page reads. */
interface ReadableCard extends Omit<Card, 'data' | 'training' | 'evaluation'> {
  readonly intendedUse?: string;
  readonly limits?: readonly string[];
  readonly license?: string;
  readonly evaluation?: Readonly<Record<string, unknown>> & {
    readonly confusionMatrix?: readonly (readonly number[])[];
  };
  readonly data?: Readonly<Record<string, unknown>> & { readonly labelShares?: Readonly<Record<string, number>> };
  readonly training?: {
    readonly estimator?: string;
    readonly seed?: number;
    readonly environment?: Readonly<Record<string, string>>;
  };
}

export function describeCard(card: Card): Html {
  const {
    intendedUse,
    limits = [],
    license,
    evaluation = {},
    data = {},
    training = {},
    weights,
    labels = [],
  } = card as unknown as ReadableCard;
  const { confusionMatrix } = evaluation;
  return html`<section class="panel" aria-labelledby="card-title">
<h2 id="card-title">Model card</h2>
<div class="card">
<div>
${intendedUse && html`<h3>Intended use</h3><p>${intendedUse}</p>`}
${limits.length > 0 ? html`<h3>Limits</h3><ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>` : ''}
${toPart('Data', data)}
${data.labelShares && toPart('Label shares', toPercent(data.labelShares), (name) => name)}
</div>
<div>
${toPart('Evaluation', evaluation)}
${toPart('Made with', { estimator: training.estimator, seed: training.seed, license, ...training.environment })}
${toPart('Weights', { bytes: weights.bytes, sha256: weights.sha256 })}
</div>
${confusionMatrix && toMatrix(confusionMatrix, labels)}
</div>
</section>`;
}

/** Text and number members as a list of names and values; empty if there are none. */
function toPart(title: string, members: Readonly<Record<string, unknown>>, toTitle = toWords): Html {
  const simple = Object.entries(members).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  if (simple.length === 0) return html``;
  return html`<h3>${title}</h3><dl>${simple.map(([name, value]) => html`<dt>${toTitle(name)}</dt><dd>${String(value)}</dd>`)}</dl>`;
}

function toPercent(shares: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, `${(100 * share).toFixed(1)} %`]));
}

/** "trainingRows" to "training rows". */
function toWords(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Rows are actual labels, columns predicted ones; the darker a cell, the larger its share of the row. */
function toMatrix(matrix: readonly (readonly number[])[], labels: readonly string[]): Html {
  const rows = matrix.map((counts, i) => {
    const sum = counts.reduce((total, count) => total + count, 0) || 1;
    const cells = counts.map((count) => html`<td class="level-${Math.round((9 * count) / sum)}">${count}</td>`);
    return html`<tr><th scope="row">${labels[i]}</th>${cells}</tr>`;
  });
  return html`<div class="scroll whole" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix">
<caption>Confusion matrix: actual labels in rows, predicted labels in columns.</caption>
<thead><tr><td></td>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}
