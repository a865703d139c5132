/** The Open Inference Protocol v2, with Triton's additional paths. */
import { type Handler, type HttpReply, jsonReply } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import type { VersionCounts } from '../../telemetry/version-counts';
import { chosen, type Deployment, type Protocol } from '../shared/protocol';
import { infer } from './infer';
import { answerLive, answerModelReady, answerReady, describeModel, describeServer } from './metadata';
import { describeOpenInference } from './openapi';
import { logSettings, type Settings, traceSettings, updateSettings } from './settings';
import { describeConfig, describeStatistics } from './triton';

export const openInference: Protocol = {
  name: 'open-inference',
  failures: {
    prefix: '/v2',
    dialect: {
      // Clients raise the text under `error` and expect 400 for every bad request.
      spell: (document) => ({
        ...document,
        status: document.status === 422 ? 400 : document.status,
        error: document.detail,
      }),
      hasPlainJsonClients: true,
    },
  },
  predictPath: (model) => `${pathOf(model)}/infer`,
  routes: routesOf,
  describe: describeOpenInference,
};

function pathOf(modelName: string): string {
  return `/v2/models/${encodeURIComponent(modelName)}`;
}

function routesOf({ serving, versions }: Deployment): [string, Route][] {
  const { champion, models } = serving;
  const { name } = champion.card;
  const names = models.map(({ card }) => card.version);
  const description = jsonReply(describeModel(champion.card, names));
  const path = pathOf(name);
  const server = jsonReply(describeServer());
  const list = jsonReply({ models: [name] });
  return [
    ['/v2/health/live', { GET: answerLive }],
    ['/v2/health/ready', { GET: () => answerReady(champion) }],
    ['/v2', { GET: () => server }],
    ['/v2/models', { GET: () => list }],
    ['/v2/models/stats', { GET: () => readStatistics(versions) }],
    ['/v2/trace/setting', settingsRoute(traceSettings)],
    ['/v2/logging', settingsRoute(logSettings)],
    ...modelRoutes(champion, path, description, versions),
    [`${path}/infer`, { POST: chosen(serving, inferHandler) }],
    ...versions.flatMap((each) =>
      modelRoutes(each.model, `${path}/versions/${encodeURIComponent(each.model.card.version)}`, description, [each]),
    ),
  ];
}

/** Routes below the path of a model or one of its versions. */
function modelRoutes(
  model: Model,
  path: string,
  description: HttpReply,
  counts: readonly VersionCounts[],
): [string, Route][] {
  return [
    [path, { GET: () => description }],
    [`${path}/ready`, { GET: () => answerModelReady(model) }],
    [`${path}/infer`, { POST: inferHandler(model) }],
    [`${path}/config`, { GET: () => jsonReply(describeConfig(model)) }],
    [`${path}/stats`, { GET: () => readStatistics(counts) }],
    [`${path}/trace/setting`, settingsRoute(traceSettings)],
  ];
}

function inferHandler(model: Model): Handler {
  return (request) => infer(model, request);
}

function readStatistics(versions: readonly VersionCounts[]): HttpReply {
  return jsonReply({
    model_stats: versions.map(({ model, metrics }) => describeStatistics(model.card, metrics.read())),
  });
}

function settingsRoute(settings: Settings): Route {
  return { GET: () => jsonReply(settings), POST: (request) => updateSettings(settings, request) };
}
