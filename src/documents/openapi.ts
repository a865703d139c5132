/** `GET /openapi.json`: OpenAPI 3.1 of exactly this deployment, made from its card and its golden samples. */

import { type Sample, spreadSamples } from '../model/acceptance/golden-samples';
import type { Card } from '../model/card/card';
import { createSchemas } from '../openapi/instance-schemas';
import { get, type Json, ofEachVersion, ref } from '../openapi/operations';
import { createExplanationPaths } from '../protocols/kserve-v1/explain-openapi';
import { createRowPaths } from '../protocols/kserve-v1/openapi';
import { createInferencePaths } from '../protocols/open-inference/openapi';

const exampleCount = 2;
const text = { type: 'string' };

/** `versions` are those that are served: the card's own first. */
export function createOpenApi(
  card: Card,
  samples: readonly Sample[],
  versions: readonly string[] = [card.version],
): Json {
  const { title, version, description, name } = card;
  const examples = spreadSamples(samples, exampleCount);
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    servers: [{ url: '/' }],
    tags: ['Prediction', 'Open Inference Protocol v2', 'About'].map((tag) => ({ name: tag })),
    paths: merge(
      createRowPaths(card, examples, versions),
      createExplanationPaths(card, examples, versions),
      createInferencePaths(card, examples, versions),
      createAboutPaths(name, versions),
    ),
    components: { schemas: createSchemas(card) },
  };
}

function createAboutPaths(name: string, versions: readonly string[]): Json {
  const tag = 'About';
  const model = `/v1/models/${encodeURIComponent(name)}`;
  const problem = 'ErrorProblem';
  const status = (idEnd: string) =>
    get({
      id: `readModelStatus${idEnd}`,
      summary: 'Whether the model answers, for clients of KServe and of TensorFlow Serving',
      tag,
      schema: {
        type: 'object',
        required: ['name', 'ready', 'model_version_status'],
        properties: { ready: { type: 'boolean', enum: [true] } },
      },
      loads: true,
      problem,
    });
  const drift = (idEnd: string) =>
    get({
      id: `readDrift${idEnd}`,
      summary: 'How far the last rows of this instance are from those of the training',
      tag,
      schema: ref('Drift'),
      problem,
    });
  const object = { type: 'object' };
  return {
    '/': get({
      id: 'describeDeployment',
      summary: 'What is served here; for browsers, a page to try it',
      tag,
      schema: { type: 'object', required: ['status', 'model', 'links'] },
      others: { 'text/html': { schema: { type: 'string' } } },
    }),
    '/v1/models': get({
      id: 'listModels',
      summary: 'The models that are served',
      tag,
      schema: { type: 'object', required: ['models'], properties: { models: { type: 'array', items: text } } },
      problem,
    }),
    ...ofEachVersion(model, versions, '', status),
    ...ofEachVersion(model, versions, '/drift', drift),
    '/model-card.json': get({ id: 'readModelCard', summary: 'The model card', tag, schema: object }),
    '/openapi.json': get({ id: 'readDocument', summary: 'This document', tag, schema: object }),
    '/metrics': get({
      id: 'readMetrics',
      summary: 'Counts of this instance, for Prometheus',
      tag,
      schema: text,
      contentType: 'text/plain',
    }),
  };
}

/** Paths that stand in several parts have the operations of all. */
function merge(...parts: readonly Json[]): Json {
  const paths: Record<string, Json> = {};
  for (const part of parts) {
    for (const [path, operations] of Object.entries(part)) paths[path] = { ...paths[path], ...(operations as Json) };
  }
  return paths;
}
