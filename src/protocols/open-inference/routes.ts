/** The paths of the Open Inference Protocol v2, and those that Triton adds. */
import { type Handler, jsonReply } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import type { Metrics } from '../../telemetry/metrics';
import { answerLive, answerModelReady, answerReady, describeModel, describeServer } from './metadata';

export function openInferenceRoutes(model: Model, metrics: Metrics): [string, Route][] {
  const { card } = model;
  const description = jsonReply(describeModel(card));
  const infer: Handler = (request, answer) => {
    // Other protocols do without it.
    const protocol = require('./infer') as typeof import('./infer');
    protocol.infer(model, request, answer);
  };
  const config: Handler = (_request, answer) => answer(jsonReply(triton().describeConfig(card)));
  const statistics: Handler = (_request, answer) =>
    answer(jsonReply(triton().describeStatistics(card, metrics.read())));
  const path = `/v2/models/${encodeURIComponent(card.name)}`;
  const ofModel = [path, `${path}/versions/${encodeURIComponent(card.version)}`].flatMap((base): [string, Route][] => [
    [base, { GET: (_request, answer) => answer(description) }],
    [`${base}/ready`, { GET: (_request, answer) => answerModelReady(model, answer) }],
    [`${base}/infer`, { POST: infer }],
    [`${base}/config`, { GET: config }],
    [`${base}/stats`, { GET: statistics }],
    [`${base}/trace/setting`, settingsRoute('traceSettings')],
  ]);
  const server = jsonReply(describeServer());
  const models = jsonReply({ models: [card.name] });
  return [
    ['/v2/health/live', { GET: (_request, answer) => answerLive(answer) }],
    ['/v2/health/ready', { GET: (_request, answer) => answerReady(model, answer) }],
    ['/v2', { GET: (_request, answer) => answer(server) }],
    ['/v2/models', { GET: (_request, answer) => answer(models) }],
    ['/v2/models/stats', { GET: statistics }],
    ['/v2/trace/setting', settingsRoute('traceSettings')],
    ['/v2/logging', settingsRoute('logSettings')],
    ...ofModel,
  ];
}

function settingsRoute(name: 'logSettings' | 'traceSettings'): Route {
  const load = () => require('./settings') as typeof import('./settings');
  return {
    GET: (_request, answer) => answer(jsonReply(load()[name])),
    POST: (request, answer) => load().updateSettings(load()[name], request, answer),
  };
}

// Only Triton's clients ask for these.
function triton() {
  return require('./triton') as typeof import('./triton');
}
