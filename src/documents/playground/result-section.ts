/** The page's results: prediction, curve, explanation, and the request as code. */
import type { Card } from '../../model/card/card';
import { roles } from '../../model/card/roles';
import { findExplained } from '../../model/predictions/tasks';
import { toPageFeatures } from './form-section';
import { type Html, html } from './html';

const snippets = { curl: 'curl', python: 'Python', typescript: 'TypeScript' };

export function createResults(card: Card): Html {
  const explained = findExplained(card);
  const ranged = [...toPageFeatures(card).entries()].filter(([, { minimum }]) => minimum !== undefined);
  const hasCurve = explained !== undefined && ranged.length > 0;
  return html`<div class="results">
<section class="panel prediction" aria-labelledby="result-title">
<h2 id="result-title">Prediction</h2>
<div id="problem" class="problem" role="alert" hidden></div>
<div id="result">
<p id="headline" class="headline" role="status">…</p>
${explained && roles[explained.role].isShare ? html`<div id="bars" role="list" aria-label="Probabilities"></div>` : ''}
</div>
</section>
<section class="panel" id="curve-panel" aria-labelledby="curve-title"${hasCurve ? '' : html` hidden`}>
<h2 id="curve-title">Along one feature</h2>
<p><label for="along">Vary one feature, keep the rest:</label>
<select id="along">${ranged.map(([index, { name }]) => html`<option value="${index}">${name}</option>`)}</select></p>
<div id="curve-problem" class="problem" hidden></div>
<svg id="curve" viewBox="0 0 640 260" role="img" aria-label="Drawing the curve…"></svg>
<ul id="legend" class="legend"></ul>
</section>
<section class="panel" id="explanation-panel" aria-labelledby="explanation-title" hidden>
<h2 id="explanation-title">Why</h2>
<p id="explanation-sum"></p>
<div id="explanation-problem" class="problem" hidden></div>
<div id="explanation" role="list" aria-label="What each feature adds"></div>
</section>
<section class="panel" aria-labelledby="code-title">
<h2 id="code-title">The same request as code</h2>
${Object.entries(snippets).map(
  ([id, title]) => html`<details${id === 'curl' ? html` open` : ''}><summary>${title}</summary>
<pre id="snippet-${id}" tabindex="0" role="region" aria-label="${title}"></pre>
<button type="button" data-copies="snippet-${id}">Copy ${title}</button></details>`,
)}
</section>
</div>`;
}
