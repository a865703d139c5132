/** `GET /problems` and `GET /problems/{type}`: what a problem means and what to do, for programs and for people. */
import { jsonReply } from '../http/message';
import { problemTypes, toProblemUri } from '../problem';
import type { Forms } from './negotiation';
import { toCode, toPage } from './plain-page';
import { type Html, html } from './playground/html';
import { advice, type Explained } from './problem-guide';

export function describeProblem(type: Explained): Forms {
  const content = html`${toEntry(type)}<p><a href="../problems">All problems</a></p>`;
  return {
    page: toPage(problemTypes[type].title, advice[type].cause.replaceAll('`', ''), content),
    document: jsonReply(toDocument(type)),
  };
}

export function listProblems(): Forms {
  const types = Object.keys(advice) as Explained[];
  const entries = types.map(
    (type) => html`<h2><a href="problems/${type}">${problemTypes[type].title}</a></h2>${toEntry(type)}`,
  );
  return {
    page: toPage('Problems', 'What each problem of this endpoint means, and what to do.', html`${entries}`),
    document: jsonReply({ problems: types.map(toDocument) }),
  };
}

function toDocument(type: Explained): object {
  const { status, title } = problemTypes[type];
  return { type: toProblemUri(type), status, title, ...advice[type] };
}

function toEntry(type: Explained): Html {
  const { cause, cure } = advice[type];
  return html`<dl><dt>Status</dt><dd>${problemTypes[type].status}</dd><dt>Type</dt><dd><code>${toProblemUri(type)}</code></dd>
<dt>Cause</dt><dd>${toCode(cause)}</dd><dt>What to do</dt><dd>${toCode(cure)}</dd></dl>`;
}
