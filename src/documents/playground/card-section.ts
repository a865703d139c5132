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

/** Larger ones would be longer than the rest of the page together. */
const mostInMatrix = 12;
const mostListed = 12;

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
${data.labelShares && toPart('Label shares', toPercent(data.labelShares), asIs)}
</div>
<div>
${toPart('Evaluation', evaluation)}
${toPart('Made with', { estimator: training.estimator, seed: training.seed, license })}
${training.environment && html`<details><summary>Versions</summary>${toList(training.environment, asIs)}</details>`}
${toPart('Weights', { bytes: weights.bytes, sha256: weights.sha256 })}
</div>
${confusionMatrix && (labels.length > mostInMatrix ? toConfusions : toMatrix)(confusionMatrix, labels)}
</div>
</section>`;
}

/** Text and number members as a list of names and values; empty if there are none. */
function toPart(title: string, members: Readonly<Record<string, unknown>>, toTitle = toWords): Html {
  const list = toList(members, toTitle);
  return list.text === '' ? list : html`<h3>${title}</h3>${list}`;
}

function toList(members: Readonly<Record<string, unknown>>, toTitle: (name: string) => string): Html {
  const simple = Object.entries(members).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  if (simple.length === 0) return html``;
  return html`<dl>${simple.map(([name, value]) => html`<dt>${toTitle(name)}</dt><dd>${String(value)}</dd>`)}</dl>`;
}

const asIs = (name: string) => name;

/** All of a few labels in their own order, or the most frequent ones. */
function toPercent(shares: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const all = Object.entries(shares);
  const listed = all.length > mostListed ? all.sort(([, a], [, b]) => b - a).slice(0, mostListed) : all;
  const others = all.length - listed.length;
  return {
    ...Object.fromEntries(listed.map(([name, share]) => [name, `${(100 * share).toFixed(1)} %`])),
    ...(others > 0 && {
      [`${others} others`]: `${(100 * sum(all.slice(mostListed).map(([, share]) => share))).toFixed(1)} %`,
    }),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** "trainingRows" to "training rows". */
function toWords(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Rows are actual labels, columns predicted ones; the darker a cell, the larger its share of the row. */
function toMatrix(matrix: readonly (readonly number[])[], labels: readonly string[]): Html {
  const rows = matrix.map((counts, i) => {
    const all = sum(counts) || 1;
    const cells = counts.map((count) => html`<td class="level-${Math.round((9 * count) / all)}">${count}</td>`);
    return html`<tr><th scope="row">${labels[i]}</th>${cells}</tr>`;
  });
  return html`<div class="whole">
<h3 id="matrix-title">Confusion matrix</h3>
<p class="hint" id="matrix-hint">Actual labels in rows, predicted labels in columns.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-title"><table class="matrix" aria-labelledby="matrix-title" aria-describedby="matrix-hint">
<thead><tr><td></td>${labels.map((label) => html`<th scope="col"><span>${label}</span></th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div></div>`;
}

/** Of many labels, the pairs that are taken for each other most often. */
function toConfusions(matrix: readonly (readonly number[])[], labels: readonly string[]): Html {
  const wrong = matrix.flatMap((counts, actual) =>
    counts.flatMap((count, predicted) => (actual === predicted || count === 0 ? [] : [{ count, actual, predicted }])),
  );
  const most = wrong.sort((a, b) => b.count - a.count).slice(0, mostListed);
  const rows = most.map(
    ({ count, actual, predicted }) =>
      html`<tr><th scope="row">${labels[actual]}</th><td>${labels[predicted]}</td><td>${count}</td></tr>`,
  );
  if (rows.length === 0) return html`<p class="whole">None of ${labels.length} labels was taken for another.</p>`;
  return html`<div class="scroll whole" tabindex="0" role="region" aria-label="Most frequent confusions"><table class="values">
<caption>Most frequent confusions among ${labels.length} labels.</caption>
<thead><tr><th scope="col">Actual</th><th scope="col">Predicted</th><th scope="col">Rows</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}
