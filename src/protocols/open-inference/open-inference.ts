/** The Open Inference Protocol v2, with Triton's additional paths. */
import { type Handler, type HttpReply, jsonReply } from '../../http/message';
import { modelPath, versionPath } from '../../http/model-path';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import type { VersionCounts } from '../../telemetry/version-counts';
import { chosen, type Deployment, type Protocol } from '../shared/protocol';
import { infer } from './infer';
import { answerLive, answerModelReady, answerReady, describeModel, describeServer } from './metadata';
import { describeOpenInference } from './openapi';
import { logSettings, type Settings, traceSettings, updateSettings } from './settings';
import { describeConfig, describeStatistics, listRepository } from './triton';

const prefix = '/v2';

export const openInference: Protocol = {
  name: 'open-inference',
  failures: {
    prefix,
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
  predictPath: (model) => `${modelPath(prefix, model)}/infer`,
  routes: routesOf,
  describe: describeOpenInference,
};

function routesOf({ serving, versions }: Deployment): [string, Route][] {
  const { champion, models } = serving;
  const { name } = champion.card;
  const names = models.map(({ card }) => card.version);
  const description = jsonReply(describeModel(champion.card, names));
  const path = modelPath(prefix, name);
  const server = jsonReply(describeServer());
  const list = jsonReply({ models: [name] });
  return [
    ['/v2/health/live', { GET: answerLive }],
    ['/v2/health/ready', { GET: () => answerReady(champion) }],
    ['/v2', { GET: () => server }],
    ['/v2/models', { GET: () => list }],
    ['/v2/models/stats', { GET: () => readStatistics(versions) }],
    ['/v2/repository/index', { POST: (request) => listRepository(models, request) }],
    ['/v2/trace/setting', settingsRoute(traceSettings)],
    ['/v2/logging', settingsRoute(logSettings)],
    ...modelRoutes(path, description, versions, chosen(serving, inferHandler)),
    ...versions.flatMap((each) => {
      const { model } = each;
      return modelRoutes(versionPath(path, model.card.version), description, [each], inferHandler(model));
    }),
  ];
}

/** Routes below the path of a model or one of its versions. */
function modelRoutes(
  path: string,
  description: HttpReply,
  counts: readonly VersionCounts[],
  handler: Handler,
): [string, Route][] {
  const [{ model }] = counts as readonly [VersionCounts];
  return [
    [path, { GET: () => description }],
    [`${path}/ready`, { GET: () => answerModelReady(model) }],
    [`${path}/infer`, { POST: handler }],
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
