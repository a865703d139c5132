/** The documents' own part of OpenAPI: description, card, metrics, drift. */
import { modelPath } from '../http/model-path';
import { type Json, listOf, record, ref } from '../openapi/json-schema';
import { get, ofEachVersion } from '../openapi/operations';
import type { Described, OpenApiPart } from '../openapi/part';
import { driftSchema } from './drift-schema';
import { explainedTypes } from './problem-routes';

const tag = 'About';
const tagDescription = 'What this deployment serves, how it is doing, and what its answers mean.';
const object = { type: 'object' };
const text = { type: 'string' };
const explained = record({ type: text, status: { type: 'integer' }, title: text, cause: text, cure: text });

const descriptionSchema = record({ status: text, model: object, features: listOf(object), links: object });

export function describeDocuments({ card, versions }: Described): OpenApiPart {
  const model = modelPath('/v1', card.name);
  const summary = 'Drift of recent rows from the training data';
  const drift = (idEnd: string): Json =>
    get({ id: `readDrift${idEnd}`, summary, tag, schema: ref('Drift'), problems: ['ErrorProblem'] });
  return {
    tag,
    tagDescription,
    paths: {
      '/': get({
        id: 'describeDeployment',
        summary: 'Describe this deployment; browsers get a playground',
        tag,
        schema: descriptionSchema,
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
        schema: record({ problems: listOf(ref('ExplainedProblem')) }),
        others: { 'text/html': { schema: text } },
        isConditional: true,
      }),
      '/problems/{type}': {
        parameters: [{ name: 'type', in: 'path', required: true, schema: { type: 'string', enum: explainedTypes } }],
        ...get({
          id: 'explainProblem',
          mayBeMissing: true,
          summary: 'What a problem means, and what to do',
          tag,
          schema: ref('ExplainedProblem'),
          others: { 'text/html': { schema: text } },
          isConditional: true,
        }),
      },
      '/openapi.json': get({ id: 'readDocument', summary: 'This document', tag, schema: object, isConditional: true }),
      '/docs': get({
        id: 'readApiPage',
        summary: 'This document as a page',
        tag,
        schema: text,
        contentType: 'text/html',
        isConditional: true,
      }),
      '/metrics': get({
        id: 'readMetrics',
        summary: 'Metrics of this instance in Prometheus format',
        tag,
        schema: text,
        contentType: 'text/plain',
        others: { 'application/openmetrics-text': { schema: text } },
      }),
    },
    schemas: { Drift: driftSchema(card), ExplainedProblem: explained },
  };
}
