/** The route table: every path that is served, and how failures under it are spelled. */
import { describeDeployment } from './documents/description';
import { type HttpReply, jsonHeaders, jsonReply } from './http/message';
import type { Route, Routes } from './http/router';
import type { Card } from './model/card';
import { quote } from './model/faults';
import type { Model } from './model/model';
import { type Dialect, Problem } from './problem';
import { envelopeHandler } from './protocols/envelope';
import { answerModelStatus, kserveV1 } from './protocols/kserve-v1';
import { answerLive, answerReady, openInferenceDialect } from './protocols/open-inference';
import type { Metrics } from './telemetry/metrics';

export function createRoutes(model: Model, metrics: Metrics): Routes {
  const { name } = model.card;
  const modelPath = `/v1/models/${encodeURIComponent(name)}`;
  const links = {
    predict: '/predict',
    model: modelPath,
    card: '/model-card.json',
    live: '/v2/health/live',
    ready: '/v2/health/ready',
    metrics: '/metrics',
  };
  const predictAny = envelopeHandler(model, [kserveV1]);
  const description = jsonReply(describeDeployment(model.card, links));
  const card: HttpReply = { status: 200, headers: jsonHeaders, body: model.cardBytes };

  return new Map<string, Route>([
    ['/', { GET: (_request, answer) => answer(description), POST: predictAny }],
    ['/predict', { POST: predictAny }],
    [`${modelPath}:predict`, { POST: envelopeHandler(model, [kserveV1]) }],
    [modelPath, { GET: (_request, answer) => answerModelStatus(model, answer) }],
    ['/v2/health/live', { GET: (_request, answer) => answerLive(answer) }],
    ['/v2/health/ready', { GET: (_request, answer) => answerReady(model, answer) }],
    [links.metrics, { GET: (_request, answer) => answer(readMetrics(metrics, model)) }],
    [links.card, { GET: (_request, answer) => answer(card) }],
  ]);
}

// Only those who scrape need the text format.
function readMetrics(metrics: Metrics, model: Model): HttpReply {
  const { metricsReply } = require('./documents/metrics') as typeof import('./documents/metrics');
  return metricsReply(metrics.read(), model);
}

/** The dialect of failures under a path, where the body does not decide it. */
export function dialectOf(path: string): Dialect | undefined {
  return path.startsWith('/v2') ? openInferenceDialect : undefined;
}

export function unknownPath(path: string, { name }: Card): Problem {
  const other = /^\/v[12]\/models\/([^/:]+)/.exec(path)?.[1];
  if (other !== undefined && other !== encodeURIComponent(name))
    return new Problem('unknown-model', `Expected the model ${quote(name)}, came ${quote(other)}.`);
  return new Problem('not-found', `Nothing is served under ${quote(path)}; GET / lists what is.`);
}
