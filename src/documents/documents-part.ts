/** The documents themselves in the OpenAPI document: description, card, counts, drift. */
import { type Json, ref } from '../openapi/json-schema';
import { get, ofEachVersion } from '../openapi/operations';
import type { Described, OpenApiPart } from '../openapi/part';
import { driftSchema } from './drift-schema';

const tag = 'About';
const object = { type: 'object' };
const text = { type: 'string' };

export function describeDocuments({ card, versions }: Described): OpenApiPart {
  const model = `/v1/models/${encodeURIComponent(card.name)}`;
  const drift = (idEnd: string): Json =>
    get({
      id: `readDrift${idEnd}`,
      summary: 'How far the last rows of this instance are from those of the training',
      tag,
      schema: ref('Drift'),
      problems: ['ErrorProblem'],
    });
  return {
    tag,
    paths: {
      '/': get({
        id: 'describeDeployment',
        summary: 'What is served here; for browsers, a page to try it',
        tag,
        schema: { type: 'object', required: ['status', 'model', 'links'] },
        others: { 'text/html': { schema: text } },
      }),
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
    },
    schemas: { Drift: driftSchema(card) },
  };
}
