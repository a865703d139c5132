/** The route table: every path that is served, and how failures under it are spelled. */

import type { Links } from '../documents/description';
import { type Handler, type HttpReply, type HttpRequest, jsonHeaders, jsonReply } from '../http/message';
import type { Route, Routes } from '../http/router';
import type { Card } from '../model/card/card';
import { quote } from '../model/instances/faults';
import type { Model } from '../model/model';
import { type Dialect, Problem } from '../problem';
import { bigQuery, bigQueryDialect } from '../protocols/bigquery/bigquery';
import {
  answerModelStatus,
  kserveV1,
  kserveV1Dialect,
  kserveV1Explain,
  kserveV1Inputs,
} from '../protocols/kserve-v1/kserve-v1';
import { answerReady, openInferenceDialect } from '../protocols/open-inference/metadata';
import { openInferenceRoutes } from '../protocols/open-inference/routes';
import { envelopeHandler } from '../protocols/shared/envelope';
import type { Shadow } from '../serving/candidate/shadow';
import { chosen, type Serving } from '../serving/serving';
import type { Telemetry } from '../telemetry/telemetry';
import type { VersionCounts } from '../telemetry/version-counts';
import { addVertexRoute, type VertexRoutes } from './vertex-routes';

type Counts = Pick<Telemetry, 'versions' | 'inFlight' | 'readHosts'>;

export function createRoutes(serving: Serving, counts: Counts, vertex: VertexRoutes): Routes {
  const { champion, shadow } = serving;
  const { card, cardBytes } = champion;
  const path = `/v1/models/${encodeURIComponent(card.name)}`;
  const links = {
    predict: '/predict',
    model: path,
    drift: `${path}/drift`,
    card: '/model-card.json',
    live: '/v2/health/live',
    ready: '/v2/health/ready',
    metrics: '/metrics',
    openapi: '/openapi.json',
  };
  const predictAny = chosen(serving, (model) => envelopeHandler(model, [kserveV1, kserveV1Inputs, bigQuery]));
  const predictBigQuery = chosen(serving, (model) => envelopeHandler(model, [bigQuery]));
  const predictV1 = { POST: chosen(serving, predictRowsV1) };
  const description = once(() => withVary(jsonReply(describe(card, links))));
  const playground = once(() => readPlayground(champion, links));
  const openapi = once(() => readOpenApi(serving));
  const modelList = jsonReply({ models: [card.name] });
  const cardReply: HttpReply = { status: 200, headers: jsonHeaders, body: cardBytes };
  const [ofChampion] = counts.versions as readonly [VersionCounts];

  const routes = new Map<string, Route>([
    ['/', { GET: (request) => (prefersHtml(request) ? playground() : description()), POST: predictAny }],
    ['/predict', { POST: predictAny }],
    ['/bigquery', { POST: predictBigQuery }],
    ['/v1/models', { GET: () => modelList }],
    ...routesV1(ofChampion, path),
    [`${path}:predict`, predictV1],
    ...counts.versions.flatMap((each) =>
      routesV1(each, `${path}/versions/${encodeURIComponent(each.model.card.version)}`),
    ),
    ...openInferenceRoutes(serving, counts.versions),
    [links.metrics, { GET: () => readMetrics(counts, shadow) }],
    [links.card, { GET: () => cardReply }],
    [links.openapi, { GET: openapi }],
  ]);
  const own = `${path}/versions/${encodeURIComponent(card.version)}`;
  addVertexRoute(routes, {
    variable: 'AIP_HEALTH_ROUTE',
    path: vertex.health,
    route: { GET: () => answerReady(champion) },
    same: [links.ready, `/v2${path.slice('/v1'.length)}/ready`, path, own],
  });
  addVertexRoute(routes, {
    variable: 'AIP_PREDICT_ROUTE',
    path: vertex.predict,
    route: predictV1,
    same: [links.predict, '/', `${path}:predict`, `${own}:predict`],
  });
  return routes;
}

/** What stands below the path of a model, or of one of its versions. */
function routesV1(counts: VersionCounts, path: string): [string, Route][] {
  const { model } = counts;
  return [
    [path, { GET: () => answerModelStatus(model) }],
    [`${path}:predict`, { POST: predictRowsV1(model) }],
    [`${path}:explain`, { POST: envelopeHandler(model, [kserveV1Explain]) }],
    [`${path}/drift`, { GET: () => readDrift(counts) }],
  ];
}

function predictRowsV1(model: Model): Handler {
  return envelopeHandler(model, [kserveV1, kserveV1Inputs]);
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

function describe(card: Card, links: Links): object {
  const { describeDeployment } = require('../documents/description') as typeof import('../documents/description');
  return describeDeployment(card, links);
}

function readPlayground({ card, readSamples }: Model, links: Links): HttpReply {
  const { createPlayground } =
    require('../documents/playground/playground') as typeof import('../documents/playground/playground');
  return createPlayground(card, readSamples(), links);
}

// Made when it is first asked for: the samples are read for it.
function readOpenApi({ champion, models }: Serving): HttpReply {
  const { createOpenApi } = require('../documents/openapi') as typeof import('../documents/openapi');
  const versions = models.map(({ card }) => card.version);
  return jsonReply(createOpenApi(champion.card, champion.readSamples(), versions));
}

// Only those who scrape need the text format.
function readMetrics(counts: Counts, shadow: Shadow | undefined): HttpReply {
  const { metricsReply } = require('../telemetry/all-families') as typeof import('../telemetry/all-families');
  return metricsReply(counts, shadow);
}

function readDrift({ model, drift }: VersionCounts): HttpReply {
  const { driftReply } =
    require('../telemetry/drift/drift-families') as typeof import('../telemetry/drift/drift-families');
  return driftReply(model.card, drift().read());
}

/** The dialect of failures under a path, where the body does not decide it. */
export function dialectOf(path: string): Dialect | undefined {
  if (path.startsWith('/v2')) return openInferenceDialect;
  if (path.startsWith('/v1')) return kserveV1Dialect;
  return path.startsWith('/bigquery') ? bigQueryDialect : undefined;
}

export function unknownPath(path: string, models: readonly Model[]): Problem {
  const [, other, , otherVersion] = /^\/v[12]\/models\/([^/:]+)(\/versions\/([^/:]+))?/.exec(path) ?? [];
  const { name } = (models as readonly [Model])[0].card;
  const versions = models.map(({ card }) => card.version);
  if (other !== undefined && other !== encodeURIComponent(name))
    return new Problem('unknown-model', `Unknown model ${quote(other)}; this deployment serves ${quote(name)}.`);
  if (otherVersion !== undefined && !versions.map(encodeURIComponent).includes(otherVersion))
    return new Problem(
      'unknown-model',
      `Unknown version ${quote(otherVersion)}; this deployment serves ${versions.map(quote).join(' and ')}.`,
    );
  return new Problem('not-found', `Nothing is served under ${quote(path)}; GET / lists what is.`);
}
