/** The route table: every path that is served, and how failures under it are spelled. */
import { describeDeployment, type Links } from './documents/description';
import { type HttpReply, type HttpRequest, jsonHeaders, jsonReply } from './http/message';
import { normalizePath, type Route, type Routes } from './http/router';
import type { Card } from './model/card';
import { quote } from './model/faults';
import type { Model } from './model/model';
import { type Dialect, Problem } from './problem';
import { bigQuery, bigQueryDialect } from './protocols/bigquery';
import { envelopeHandler } from './protocols/envelope';
import { answerModelStatus, kserveV1, kserveV1Dialect, kserveV1Explain, kserveV1Inputs } from './protocols/kserve-v1';
import { answerReady, openInferenceDialect } from './protocols/open-inference/metadata';
import { openInferenceRoutes } from './protocols/open-inference/routes';
import type { Telemetry } from './telemetry/telemetry';

/** Paths that Vertex AI chooses for the health and the predictions of a container. */
export interface VertexRoutes {
  readonly health?: string;
  readonly predict?: string;
}

/** What the routes show of the counts. */
type Counts = Pick<Telemetry, 'metrics' | 'drift'>;

export function createRoutes(model: Model, counts: Counts, vertex: VertexRoutes): Routes {
  const { name, version } = model.card;
  const modelPath = `/v1/models/${encodeURIComponent(name)}`;
  const links = {
    predict: '/predict',
    model: modelPath,
    drift: `${modelPath}/drift`,
    card: '/model-card.json',
    live: '/v2/health/live',
    ready: '/v2/health/ready',
    metrics: '/metrics',
    openapi: '/openapi.json',
  };
  const predictAny = envelopeHandler(model, [kserveV1, kserveV1Inputs, bigQuery]);
  const predictV1 = { POST: envelopeHandler(model, [kserveV1, kserveV1Inputs]) };
  const explainV1 = { POST: envelopeHandler(model, [kserveV1Explain]) };
  const status: Route = { GET: (_request, answer) => answerModelStatus(model, answer) };
  const versionPath = `${modelPath}/versions/${encodeURIComponent(version)}`;
  const description = withVary(jsonReply(describeDeployment(model.card, links)));
  const playground = once(() => readPlayground(model, links));
  const card: HttpReply = { status: 200, headers: jsonHeaders, body: model.cardBytes };

  const routes = new Map<string, Route>([
    ['/', { GET: (request, answer) => answer(prefersHtml(request) ? playground() : description), POST: predictAny }],
    ['/predict', { POST: predictAny }],
    ['/bigquery', { POST: envelopeHandler(model, [bigQuery]) }],
    ['/v1/models', { GET: (_request, answer) => answer(jsonReply({ models: [name] })) }],
    [`${modelPath}:predict`, predictV1],
    [`${versionPath}:predict`, predictV1],
    [`${modelPath}:explain`, explainV1],
    [`${versionPath}:explain`, explainV1],
    [modelPath, status],
    [versionPath, status],
    ...openInferenceRoutes(model, counts.metrics),
    [links.metrics, { GET: (_request, answer) => answer(readMetrics(counts, model)) }],
    [links.drift, { GET: (_request, answer) => answer(readDrift(counts, model)) }],
    [links.card, { GET: (_request, answer) => answer(card) }],
    [links.openapi, { GET: (_request, answer) => answer(readOpenApi(model)) }],
  ]);
  addRoute(routes, vertex.health, { GET: (_request, answer) => answerReady(model, answer) });
  addRoute(routes, vertex.predict, predictV1);
  return routes;
}

/** Adds the handlers under a path from outside, before those that are there. */
function addRoute(routes: Map<string, Route>, path: string | undefined, route: Route): void {
  if (path === undefined) return;
  const known = normalizePath(path);
  routes.set(known, { ...routes.get(known), ...route });
}

/** Whether a browser asks, and not a program: programs name no type of document, or JSON first. */
function prefersHtml({ headers: { accept = '' } }: HttpRequest): boolean {
  const [html, json] = [accept.indexOf('text/html'), accept.indexOf('application/json')];
  return html !== -1 && (json === -1 || html < json);
}

function withVary(reply: HttpReply): HttpReply {
  return { ...reply, headers: [...reply.headers, 'vary', 'accept'] };
}

function once<Value>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= create());
}

function readPlayground({ card, readSamples }: Model, links: Links): HttpReply {
  const { createPlayground } =
    require('./documents/playground/playground') as typeof import('./documents/playground/playground');
  return createPlayground(card, readSamples(), links);
}

// Made when it is asked for: the samples are read for it.
function readOpenApi({ card, readSamples }: Model): HttpReply {
  const { createOpenApi } = require('./documents/openapi/document') as typeof import('./documents/openapi/document');
  return jsonReply(createOpenApi(card, readSamples()));
}

// Only those who scrape need the text format.
function readMetrics({ metrics, drift }: Counts, model: Model): HttpReply {
  const { metricsReply } = require('./documents/metrics') as typeof import('./documents/metrics');
  return metricsReply(metrics.read(), drift().read(), model);
}

function readDrift({ drift }: Counts, { card }: Model): HttpReply {
  const { driftReply } = require('./documents/drift') as typeof import('./documents/drift');
  return driftReply(card, drift().read());
}

/** The dialect of failures under a path, where the body does not decide it. */
export function dialectOf(path: string): Dialect | undefined {
  if (path.startsWith('/v2')) return openInferenceDialect;
  if (path.startsWith('/v1')) return kserveV1Dialect;
  return path.startsWith('/bigquery') ? bigQueryDialect : undefined;
}

export function unknownPath(path: string, { name, version }: Card): Problem {
  const [, other, , otherVersion] = /^\/v[12]\/models\/([^/:]+)(\/versions\/([^/:]+))?/.exec(path) ?? [];
  if (other !== undefined && other !== encodeURIComponent(name))
    return new Problem('unknown-model', `Expected the model ${quote(name)}, came ${quote(other)}.`);
  if (otherVersion !== undefined && otherVersion !== encodeURIComponent(version))
    return new Problem(
      'unknown-model',
      `Expected version ${quote(version)} of the model, came ${quote(otherVersion)}.`,
    );
  return new Problem('not-found', `Nothing is served under ${quote(path)}; GET / lists what is.`);
}
