/** `GET /` for people: a page to try the model, generated from its card. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeDirectory } from '../../directory';
import type { HttpReply } from '../../http/message';
import { modelPath, versionPath } from '../../http/model-path';
import type { Sample } from '../../model/acceptance/golden-samples';
import type { Card } from '../../model/card/card';
import { roles } from '../../model/card/roles';
import { findExplainable, findExplained } from '../../model/predictions/tasks';
import { sha256 } from '../../sha256';
import { createBatch } from './batch-section';
import { describeCard } from './card-section';
import { createForm } from './form-section';
import { createHero, toPageOutputs } from './hero-section';
import { Html, html, toScriptJson } from './html';
import { icon, iconPolicy } from './icon';
import { toPageFeatures } from './page-features';
import { toPageTensors } from './page-tensors';
import { createResults } from './result-section';
import { chooseSamples, type TitledSample } from './samples';
import { styles } from './styles';

// Built from `src/playground/`; the path is the same from `src/` and `dist/`.
const scriptFile = join(codeDirectory, '../dist/playground.js');

/** Documents the page links to. */
export interface PageLinks {
  readonly openapi: string;
  readonly docs: string;
  readonly card: string;
  readonly metrics: string;
  readonly drift: string;
  /** Where the candidate predicts. */
  readonly candidate: string | undefined;
  /** Names of those that are served. */
  readonly protocols: readonly string[];
}

/** The page, with a policy that lets it load and run nothing but its own script and styles. */
export function createPlayground(card: Card, samples: readonly Sample[], links: PageLinks): HttpReply {
  const script = readFileSync(scriptFile, 'utf8');
  const body = writePage(card, chooseSamples(card, samples), links, script);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(styles)}'`,
    "connect-src 'self'",
    iconPolicy,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = [
    ...['content-type', 'text/html; charset=utf-8', 'x-content-type-options', 'nosniff', 'vary', 'accept'],
    ...['content-security-policy', policy, 'referrer-policy', 'no-referrer', 'cache-control', 'no-cache'],
  ];
  return { status: 200, headers, body };
}

function hashOf(text: string): string {
  return `sha256-${sha256(text, 'base64')}`;
}

function writePage(card: Card, samples: readonly TitledSample[], links: PageLinks, script: string): string {
  const { name, version, title, description, task, labels = [] } = card;
  const explained = findExplained(card);
  const drawn = explained && roles[explained.role];
  const data = {
    model: name,
    drawn,
    candidate: links.candidate,
    champion: `${versionPath(modelPath('/v1', name), version)}:predict`,
    isExplainable: findExplainable(card) !== undefined,
    outputs: toPageOutputs(card),
    usualError: card.evaluation?.rootMeanSquaredError,
    labels,
    features: toPageFeatures(card),
    tensors: toPageTensors(card),
    samples,
  };
  const linked = {
    API: links.docs,
    OpenAPI: links.openapi,
    'Model card': links.card,
    Metrics: links.metrics,
    Drift: links.drift,
  };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<title>${title}</title>
${icon}
<style>${new Html(styles)}</style>
</head>
<body>
<header>
<p class="eyebrow">${name} · version ${version} · ${task}</p>
<h1>${title}</h1>
<p class="lead">${description}</p>
<nav aria-label="Documents">${Object.entries(linked).map(([text, path]) => html`<a href=".${path}" data-path="${path}">${text}</a> `)}</nav>
<noscript><p>Predictions need JavaScript; without it, this page only shows the model card.</p></noscript>
</header>
<main>
${createHero(card)}
<div class="columns">
${createForm(card, samples)}
${createResults(card, links.protocols)}
</div>
${createBatch()}
${describeCard(card)}
</main>
<script type="application/json" id="data">${toScriptJson(data)}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
