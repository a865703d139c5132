/** The page's prediction, which stays in sight: a headline, what is known of its certainty, and bars or a list of values. */
import type { Card } from '../../model/card/card';
import { roles } from '../../model/card/roles';
import { findExplained } from '../../model/predictions/tasks';
import { findErrors, greatestCoverage } from '../../model/predictions/uncertainty';
import { type Html, html } from './html';

/** What the page's script needs to know about an output. */
export interface PageOutput {
  readonly name: string;
  readonly title: string;
  readonly unit?: string;
}

export function toPageOutputs({ outputs, hooks }: Card): readonly PageOutput[] {
  // What a hook answers is not what the weights return.
  if (hooks !== undefined) return [];
  return outputs.map(({ name, title = name, unit }) => ({ name, title, ...(unit !== undefined && { unit }) }));
}

/** As many as the page's script draws. */
const maxBars = 8;

/** Stands where the first prediction will, so that nothing moves when it comes. */
function toEmptyBar(label: string): Html {
  return html`<div class="row" role="listitem"><span class="name">${label}</span><span class="track" aria-hidden="true"></span><span class="number">…</span></div>`;
}

const usualCoverages = [0.5, 0.8, 0.9, 0.95, 0.99];
const firstCoverage = 0.9;

/** What people choose from: none without uncertainty. */
function coveragesOf(card: Card): readonly number[] {
  const errors = findErrors(card);
  return errors === undefined ? [] : usualCoverages.filter((coverage) => coverage <= greatestCoverage(errors));
}

function createSet(card: Card): Html | '' {
  const coverages = coveragesOf(card);
  if (coverages.length === 0) return '';
  const chosen = coverages.filter((coverage) => coverage <= firstCoverage).at(-1);
  return html`<p class="certainty">In <select id="coverage" aria-label="Coverage">${coverages.map(
    (coverage) =>
      html`<option value="${coverage}"${coverage === chosen ? html` selected` : ''}>${100 * coverage} %</option>`,
  )}</select> of cases it is <strong id="set" role="status">…</strong></p>
<p id="set-warning" class="warning" role="status" hidden></p>`;
}

export function createHero(card: Card): Html {
  const explained = findExplained(card);
  const { labels = [] } = card;
  const hasShares = explained !== undefined && roles[explained.role].isShare;
  return html`<section class="hero" aria-labelledby="result-title">
<div class="hero-head panel">
<h2 id="result-title">Prediction</h2>
<p id="headline" class="headline" role="status">…</p>
<p id="certainty" class="certainty">${hasShares ? '\u00a0' : ''}</p>
${createSet(card)}
<p id="earlier" class="hint"></p>
<p id="waiting" class="hint" role="status"></p>
<p id="candidate" class="candidate" role="status" hidden></p>
</div>
<div class="hero-body panel" id="hero-body">
<div id="problem" class="problem" role="alert" hidden></div>
<div id="candidate-problem" class="problem" hidden></div>
<div id="result">
${hasShares ? html`<div id="bars" role="list" aria-label="Probabilities">${labels.slice(0, maxBars).map(toEmptyBar)}</div>` : ''}
<div id="values"></div>
</div>
</div>
</section>`;
}
