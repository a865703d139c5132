/** The routes of the documents. */
import { jsonHeaders, jsonReply } from '../http/message';
import { modelPath, versionPath } from '../http/model-path';
import type { Route } from '../http/router';
import type { Protocol } from '../protocols/shared/protocol';
import type { Serving } from '../serving/serving';
import type { Telemetry } from '../telemetry/telemetry';
import type { VersionCounts } from '../telemetry/version-counts';
import { answerTagged, tagReply } from './conditional';
import { describeDeployment } from './description';
import { driftReply, metricsReply } from './monitoring';
import { once, prefersHtml, withVary } from './negotiation';
import { problemRoutes } from './problem-routes';

// Loaded when somebody asks.
const loadOpenApi = () => require('./openapi') as typeof import('./openapi');
const loadPlayground = () => require('./playground/playground') as typeof import('./playground/playground');
const loadApiPage = () => require('./api-page') as typeof import('./api-page');

/** What the documents describe. */
export interface Documented {
  readonly serving: Serving;
  readonly telemetry: Pick<Telemetry, 'versions' | 'createReader'>;
  readonly protocols: readonly Protocol[];
}

export function documentRoutes({ serving, telemetry, protocols }: Documented): [string, Route][] {
  const { champion, models } = serving;
  const { card, callersCard, cardBytes } = champion;
  const [ofChampion] = telemetry.versions as readonly [VersionCounts];
  const model = modelPath('/v1', card.name);
  const links = {
    predict: '/predict',
    model,
    drift: `${model}/drift`,
    card: '/model-card.json',
    live: '/v2/health/live',
    ready: '/v2/health/ready',
    metrics: '/metrics',
    openapi: '/openapi.json',
    docs: '/docs',
    problems: '/problems',
  };
  // Created on first request, since some read the samples.
  const description = once(() => tagReply(withVary(jsonReply(describeDeployment(callersCard, links)))));
  const playground = once(() =>
    tagReply(
      loadPlayground().createPlayground(callersCard, champion.readSamples(), {
        ...links,
        candidate: candidatePath(serving),
        protocols: protocols.map(({ name }) => name),
      }),
    ),
  );
  const describeApi = () => loadOpenApi().createOpenApi(protocols, card, champion.readSamples(), versionsOf(models));
  const openapi = once(() => tagReply(jsonReply(describeApi())));
  const apiPage = once(() => tagReply(loadApiPage().describeApi(describeApi())));
  const readFamilies = once(telemetry.createReader);
  const cardDocument = once(() => tagReply({ status: 200, headers: jsonHeaders, body: cardBytes }));
  const drift = (counts: VersionCounts): Route => ({ GET: () => driftReply(counts) });
  return [
    ['/', { GET: (request) => answerTagged(prefersHtml(request) ? playground() : description(), request) }],
    [links.card, { GET: (request) => answerTagged(cardDocument(), request) }],
    [links.openapi, { GET: (request) => answerTagged(openapi(), request) }],
    [links.docs, { GET: (request) => answerTagged(apiPage(), request) }],
    [links.metrics, { GET: (request) => metricsReply(readFamilies()(), request) }],
    ...problemRoutes(links.problems),
    [links.drift, drift(ofChampion)],
    ...telemetry.versions.map((counts): [string, Route] => [
      `${versionPath(model, counts.model.card.version)}/drift`,
      drift(counts),
    ]),
  ];
}

/** Where the candidate, if there is one, answers whatever its share of the traffic is. */
function candidatePath({ models: [, candidate] }: Serving): string | undefined {
  if (candidate === undefined) return undefined;
  const { name, version } = candidate.card;
  return `${versionPath(modelPath('/v1', name), version)}:predict`;
}

function versionsOf(models: Serving['models']): readonly string[] {
  return models.map(({ card }) => card.version);
}
