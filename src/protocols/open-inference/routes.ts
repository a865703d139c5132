/** The paths of the Open Inference Protocol v2, and those that Triton adds. */

import { type Handler, type HttpReply, jsonReply } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import { chosen, type Serving } from '../../serving/serving';
import type { VersionCounts } from '../../telemetry/version-counts';
import { answerLive, answerModelReady, answerReady, describeModel, describeServer } from './metadata';

export function openInferenceRoutes(serving: Serving, versions: readonly VersionCounts[]): [string, Route][] {
  const { champion, models } = serving;
  const { name } = champion.card;
  const description = jsonReply(
    describeModel(
      champion.card,
      models.map(({ card }) => card.version),
    ),
  );
  const statistics: Handler = () => readStatistics(versions);
  const path = `/v2/models/${encodeURIComponent(name)}`;
  const server = jsonReply(describeServer());
  const list = jsonReply({ models: [name] });
  return [
    ['/v2/health/live', { GET: answerLive }],
    ['/v2/health/ready', { GET: () => answerReady(champion) }],
    ['/v2', { GET: () => server }],
    ['/v2/models', { GET: () => list }],
    ['/v2/models/stats', { GET: statistics }],
    ['/v2/trace/setting', settingsRoute('traceSettings')],
    ['/v2/logging', settingsRoute('logSettings')],
    ...versionRoutes(champion, path, description, versions),
    [`${path}/infer`, { POST: chosen(serving, inferHandler) }],
    ...versions.flatMap((each) => {
      const { card } = each.model;
      return versionRoutes(each.model, `${path}/versions/${encodeURIComponent(card.version)}`, description, [each]);
    }),
  ];
}

/** What stands below the path of a model, or of one of its versions. */
function versionRoutes(
  model: Model,
  path: string,
  description: HttpReply,
  counts: readonly VersionCounts[],
): [string, Route][] {
  return [
    [path, { GET: () => description }],
    [`${path}/ready`, { GET: () => answerModelReady(model) }],
    [`${path}/infer`, { POST: inferHandler(model) }],
    [`${path}/config`, { GET: () => jsonReply(triton().describeConfig(model)) }],
    [`${path}/stats`, { GET: () => readStatistics(counts) }],
    [`${path}/trace/setting`, settingsRoute('traceSettings')],
  ];
}

function inferHandler(model: Model): Handler {
  return (request) => {
    // Other protocols do without it.
    const { infer } = require('./infer') as typeof import('./infer');
    return infer(model, request);
  };
}

function readStatistics(versions: readonly VersionCounts[]): HttpReply {
  const { describeStatistics } = triton();
  const statistics = versions.map(({ model, metrics }) => describeStatistics(model.card, metrics.read()));
  return jsonReply({ model_stats: statistics });
}

function settingsRoute(name: 'logSettings' | 'traceSettings'): Route {
  const load = () => require('./settings') as typeof import('./settings');
  return {
    GET: () => jsonReply(load()[name]),
    POST: (request) => load().updateSettings(load()[name], request),
  };
}

// Only Triton's clients ask for these.
function triton() {
  return require('./triton') as typeof import('./triton');
}
