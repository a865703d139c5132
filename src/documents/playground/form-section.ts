/** The page's form: samples to start from, a row to paste, and a field per feature. */
import type { Card } from '../../model/card/card';
import { createField } from './field';
import { findGroups, type Group } from './groups';
import { type Html, html } from './html';
import { type PageFeature, toPageFeatures } from './page-features';
import type { TitledSample } from './samples';

/** With more features, the form has a search and starts with the first of them. */
const fewFeatures = 12;

export function createForm(card: Card, samples: readonly TitledSample[]): Html {
  const pageFeatures = toPageFeatures(card);
  const fields = card.features.map((feature, index) => {
    const examples = samples.map(({ instance }) => instance[index]);
    return createField(pageFeatures[index] as PageFeature, { index, feature, examples });
  });
  return html`<section class="panel" aria-labelledby="input-title">
<h2 id="input-title">Input</h2>
<p class="hint" id="samples-title">Start from a sample:</p>
<div class="samples" role="group" aria-labelledby="samples-title">
${samples.map(({ title }, i) => html`<button type="button" data-sample="${i}"><span class="clamped">${title}</span></button>`)}
</div>
<p id="shared-warning" class="warning" role="status"></p>
<details class="paste" id="history-part" hidden><summary>Earlier rows</summary><ol id="history" reversed></ol></details>
<details class="paste"><summary>Paste a row</summary>
<label for="pasted" class="hint">A JSON array or object, the body of a request, or cells of a table with commas, semicolons or tabs; a header may stand above.</label>
<textarea id="pasted" class="code" rows="2" spellcheck="false"></textarea>
<button type="button" id="paste">Fill in</button>
<p class="fault" id="paste-fault" role="status"></p></details>
${fields.length > fewFeatures ? createFinder(card.features.map(({ name }) => name)) : ''}
<form id="form" novalidate>
${fields}
</form>
<button type="button" id="all-fields" hidden>Show all ${fields.length} features</button>
<div class="share"><button type="button" id="copy-link">Copy link</button> <p id="share-note" class="hint"></p></div>
</section>`;
}

function createFinder(names: readonly string[]): Html {
  const groups = findGroups(names);
  return html`<div class="finder">
<label for="search">Find among ${names.length} features</label>
<input id="search" type="search" autocomplete="off">
${groups.length > 0 ? createGroups(groups) : ''}
<label><input id="important" type="checkbox" role="switch"> Most important first</label>
<p class="hint" id="found" role="status"></p>
</div>`;
}

function createGroups(groups: readonly Group[]): Html {
  return html`<p><label for="group">Group</label> <select id="group"><option value="">all</option>${groups.map(
    ({ name, count }) => html`<option value="${name}">${name} (${count})</option>`,
  )}</select></p>`;
}
