/** The page's results beside the prediction: curve, explanation, and the request as code. */
import type { Card } from '../../model/card/card';
import { findExplainable, findExplained } from '../../model/predictions/tasks';
import { type Html, html } from './html';
import { toPageFeatures, varies } from './page-features';
import { toPageTensors } from './page-tensors';

/** Ways to ask, each with the protocol that must be served for it, if not all deployments have it. */
const snippets: readonly { readonly id: string; readonly title: string; readonly protocol?: string }[] = [
  { id: 'curl', title: 'curl' },
  { id: 'python', title: 'Python' },
  { id: 'typescript', title: 'TypeScript' },
  { id: 'go', title: 'Go' },
  { id: 'grpc', title: 'gRPC (Cloud Run)', protocol: 'open-inference' },
  { id: 'sql', title: 'SQL (BigQuery)', protocol: 'bigquery' },
  { id: 'mcp', title: 'MCP (agents)', protocol: 'mcp' },
];

export function createResults(card: Card, protocols: readonly string[]): Html {
  const drawable = [...toPageFeatures(card).entries()].filter(([, feature]) => varies(feature));
  const hasTensors = toPageTensors(card) !== undefined;
  const offered = snippets.filter(
    ({ id, protocol }) => (protocol === undefined || protocols.includes(protocol)) && (id !== 'grpc' || hasTensors),
  );
  const hasNumber = findExplained(card) !== undefined;
  const hasCurve = hasNumber && drawable.length > 0;
  const hasReasons = findExplainable(card) !== undefined;
  return html`<div class="results">
${hasCurve ? createCurve(drawable.map(([index, { name }]) => ({ index, name }))) : ''}
${hasReasons ? createReasons() : ''}
${hasCurve && hasReasons ? '' : tellMissing(card, { hasNumber, hasCurve, hasReasons })}
<section class="panel" id="code-part" aria-labelledby="code-title">
<h2 id="code-title">The same request as code</h2>
${offered.map(
  ({ id, title }) => html`<details${id === 'curl' ? html` open` : ''}><summary>${title}</summary>
<pre id="snippet-${id}" tabindex="0" role="region" aria-label="${title}"></pre>
<button type="button" data-copies="snippet-${id}">Copy ${title}</button></details>`,
)}
</section>
</div>`;
}

function createReasons(): Html {
  return html`<section class="panel" aria-labelledby="explanation-title">
<h2 id="explanation-title">Why</h2>
<div id="explanation-problem" class="problem" hidden></div>
<p id="explanation-sum" class="note">Comparing with other rows…</p>
<div id="explanation" role="list" aria-label="What each feature adds"></div>
</section>`;
}

interface Shown {
  readonly hasNumber: boolean;
  readonly hasCurve: boolean;
  readonly hasReasons: boolean;
}

/** Says why a part of the page is not there. */
function tellMissing(card: Card, { hasNumber, hasCurve, hasReasons }: Shown): Html {
  const title = hasCurve ? 'Why' : hasReasons ? 'What if' : 'What if, and why';
  return html`<section class="panel" id="missing" aria-labelledby="missing-title">
<h2 id="missing-title">${title}</h2>
${hasNumber && !hasCurve ? (takesNumbers(card) ? noRanges : noNumbers) : ''}
${hasNumber && !hasReasons ? noBackground : ''}
${hasNumber ? '' : card.hooks === undefined ? noNumber : behindHooks}
</section>`;
}

/** Whether there is a feature that a curve could run along, if its range were known. */
const takesNumbers = (card: Card) => toPageFeatures(card).some(({ kind }) => kind === 'number' || kind === 'integer');

const noNumbers = html`<p class="hint">A curve runs along a feature that is a number; this model takes none.</p>`;
const noRanges = html`<p class="hint">A curve runs along the training range of a feature; the card has none (<code>training</code>).</p>`;
const noBackground = html`<p class="hint">Reasons compare with rows of the training data; the card has none (<code>data.background</code>).</p>`;
const noNumber = html`<p class="hint">Curves and reasons are for probabilities and single numbers; this model answers neither.</p>`;
const behindHooks = html`<p class="hint">Hooks stand between the input and the model, so there are no curves and no reasons.</p>`;

interface Drawable {
  readonly index: number;
  readonly name: string;
}

/** Asked for only while it is open. */
function createHeatMap(drawable: readonly Drawable[]): Html {
  return html`<details id="heat-part"><summary>Vary two features</summary>
<p><label for="heat-up">With:</label>
<select id="heat-up">${drawable.toReversed().map(({ index, name }) => html`<option value="${index}">${name}</option>`)}</select></p>
<div id="heat-problem" class="problem" hidden></div>
<svg id="heat" class="heat" viewBox="0 0 420 420" preserveAspectRatio="none" role="img" aria-labelledby="heat-sum"></svg>
<p id="heat-sum" class="hint">Drawing the map…</p></details>`;
}

function createCurve(drawable: readonly Drawable[]): Html {
  return html`<section class="panel" id="curve-panel" aria-labelledby="curve-title">
<h2 id="curve-title">What if</h2>
<p><label for="along">Vary one feature, keep the rest:</label>
<select id="along">${drawable.map(({ index, name }) => html`<option value="${index}">${name}</option>`)}</select></p>
<div id="curve-problem" class="problem" hidden></div>
<p id="curve-note" class="hint note" role="status">Drawing the curve…</p>
<svg id="curve" viewBox="0 0 640 260" role="img" aria-label="Curve"></svg>
<ul id="legend" class="legend"></ul>
${drawable.length > 1 ? createHeatMap(drawable) : ''}
</section>`;
}
