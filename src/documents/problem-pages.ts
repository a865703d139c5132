/** `GET /problems` and `GET /problems/{type}`: what a problem means and what to do, for programs and for people. */
import { type HttpReply, jsonReply } from '../http/message';
import { problemTypes, toProblemUri } from '../problem';
import { sha256 } from '../sha256';
import type { Forms } from './negotiation';
import { Html, html } from './playground/html';
import { advice, type Explained } from './problem-guide';

const styles =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
  'code{font-family:ui-monospace,monospace}dt{font-weight:600;margin-top:1rem}dd{margin:0}';

export function describeProblem(type: Explained): Forms {
  const content = html`${toEntry(type)}<p><a href="../problems">All problems</a></p>`;
  return { page: toPage(problemTypes[type].title, content), document: jsonReply(toDocument(type)) };
}

export function listProblems(): Forms {
  const types = Object.keys(advice) as Explained[];
  const entries = types.map(
    (type) => html`<h2><a href="problems/${type}">${problemTypes[type].title}</a></h2>${toEntry(type)}`,
  );
  return { page: toPage('Problems', html`${entries}`), document: jsonReply({ problems: types.map(toDocument) }) };
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

/** Text between backticks is code. */
function toCode(text: string): Html {
  return html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function toPage(title: string, content: Html): HttpReply {
  const body = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${new Html(styles)}</style></head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>
`.text;
  const policy = `default-src 'none'; style-src 'sha256-${sha256(styles, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const headers = [
    'content-type',
    'text/html; charset=utf-8',
    'x-content-type-options',
    'nosniff',
    'content-security-policy',
    policy,
  ];
  return { status: 200, headers, body };
}
