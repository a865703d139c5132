/** The documents' own part of OpenAPI: description, card, metrics, drift. */
import { modelPath } from '../http/model-path';
import { type Json, ref } from '../openapi/json-schema';
import { get, ofEachVersion } from '../openapi/operations';
import type { Described, OpenApiPart } from '../openapi/part';
import { driftSchema } from './drift-schema';
import { explainedTypes } from './problem-routes';

const tag = 'About';
const object = { type: 'object' };
const text = { type: 'string' };
const problem = {
  type: 'object',
  required: ['type', 'status', 'title', 'cause', 'cure'],
  properties: { type: text, status: { type: 'integer' }, title: text, cause: text, cure: text },
};

export function describeDocuments({ card, versions }: Described): OpenApiPart {
  const model = modelPath('/v1', card.name);
  const summary = 'Drift of recent rows from the training data';
  const drift = (idEnd: string): Json =>
    get({ id: `readDrift${idEnd}`, summary, tag, schema: ref('Drift'), problems: ['ErrorProblem'] });
  return {
    tag,
    paths: {
      '/': get({
        id: 'describeDeployment',
        summary: 'Describe this deployment; browsers get a playground',
        tag,
        schema: { type: 'object', required: ['status', 'model', 'links'] },
        others: { 'text/html': { schema: text } },
        isConditional: true,
      }),
      ...ofEachVersion(model, versions, '/drift', drift),
      '/model-card.json': get({
        id: 'readModelCard',
        summary: 'The model card',
        tag,
        schema: object,
        isConditional: true,
      }),
      '/problems': get({
        id: 'listProblems',
        summary: 'What each problem means, and what to do',
        tag,
        schema: { type: 'object', required: ['problems'], properties: { problems: { type: 'array', items: problem } } },
        others: { 'text/html': { schema: text } },
        isConditional: true,
      }),
      '/problems/{type}': {
        parameters: [{ name: 'type', in: 'path', required: true, schema: { enum: explainedTypes } }],
        ...get({
          id: 'explainProblem',
          mayBeMissing: true,
          summary: 'What a problem means, and what to do',
          tag,
          schema: problem,
          others: { 'text/html': { schema: text } },
          isConditional: true,
        }),
      },
      '/openapi.json': get({ id: 'readDocument', summary: 'This document', tag, schema: object, isConditional: true }),
      '/metrics': get({
        id: 'readMetrics',
        summary: 'Metrics of this instance in Prometheus format',
        tag,
        schema: text,
        contentType: 'text/plain',
        others: { 'application/openmetrics-text': { schema: text } },
      }),
    },
    schemas: { Drift: driftSchema(card) },
  };
}
