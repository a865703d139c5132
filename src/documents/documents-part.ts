/** The documents' own part of OpenAPI: description, card, metrics, drift. */
import { modelPath } from '../http/model-path';
import { type Json, ref } from '../openapi/json-schema';
import { get, ofEachVersion } from '../openapi/operations';
import type { Described, OpenApiPart } from '../openapi/part';
import { driftSchema } from './drift-schema';

const tag = 'About';
const object = { type: 'object' };
const text = { type: 'string' };

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
