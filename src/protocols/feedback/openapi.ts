/** Feedback in the OpenAPI document. */
import { modelPath } from '../../http/model-path';
import { either, hasAny, type Json, ref, tuple } from '../../openapi/json-schema';
import { post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { numberText } from '../shared/remote-calls';
import { mostItems } from './records';
import { type Truth, truthOf } from './truth';

const tag = 'Feedback';
const idSchema = {
  description: 'The Prediction-Id of the answer.',
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: '^[!-~]+$',
};
const rowSchema = { description: 'Which row of the request, from 0.', type: 'integer', minimum: 0 };

export function describeFeedback({ card, otherKeys, carried }: Described): OpenApiPart {
  const truth = truthOf(card);
  if (truth === undefined) return { paths: {}, schemas: {} };
  const body = carried('Feedback', ['FeedbackRequest']);
  const item = { id: 'order-7', row: 0, [truth.member]: truth.example };
  const example = { name: 'feedback', request: { feedback: [item] }, answer: { accepted: 1 } };
  const operation = post({
    id: 'sendFeedback',
    tag,
    summary: 'Tell what really happened, for predictions by their ids',
    request: either(body.requests.map(ref)),
    answer: ref('FeedbackAnswer'),
    examples: [example],
    problems: ['ErrorProblem'],
    ...body.operation,
  });
  return {
    tag,
    paths: { [`${modelPath('/v1', card.name)}:feedback`]: operation, '/bigquery/feedback': describeCalls(truth) },
    schemas: { ...schemas(truth, otherKeys('feedback')), ...callSchemas(truth), ...body.schemas },
    shared: { requests: ['FeedbackRequest'], answer: 'FeedbackAnswer', examples: [example] },
  };
}

function describeCalls({ example }: Truth): Json {
  const request = { calls: [['order-7', 0, example]] };
  return post({
    id: 'sendFeedbackFromBigQuery',
    tag,
    summary: 'Tell what really happened, as a BigQuery remote function',
    request: ref('FeedbackCalls'),
    answer: ref('FeedbackReplies'),
    examples: [{ name: 'calls', request, answer: { replies: [true] } }],
    problems: ['BigQueryProblem'],
  });
}

function callSchemas({ member, kind, schema }: Truth): Json {
  const orNull = (...others: readonly Json[]) => ({ anyOf: [...others, { type: 'null' }] });
  const truth = kind === 'number' ? orNull(schema, numberText) : orNull(schema);
  const [id, row] = [orNull(idSchema), orNull(rowSchema)];
  const description = `Arguments of each call: id, row and ${member}, or id and ${member}. A call with NULL tells nothing and returns NULL.`;
  const items = { type: 'array', items: {}, anyOf: [tuple([id, row, truth]), tuple([id, truth])] };
  return {
    FeedbackCalls: {
      type: 'object',
      required: ['calls'],
      properties: {
        calls: { description, type: 'array', minItems: 1, maxItems: mostItems, items },
        userDefinedContext: { type: 'object', properties: { nulls: { enum: ['null', 'error'] } } },
      },
    },
    FeedbackReplies: {
      type: 'object',
      required: ['replies'],
      properties: { replies: { type: 'array', items: { type: ['boolean', 'null'] } } },
    },
  };
}

function schemas({ member, schema }: Truth, others: readonly string[]): Json {
  const properties = {
    id: idSchema,
    row: { ...rowSchema, default: 0 },
    [member]: { description: 'What was right.', ...schema },
  };
  const items = { type: 'object', required: ['id', member], properties, additionalProperties: false };
  return {
    FeedbackRequest: {
      type: 'object',
      required: ['feedback'],
      properties: { feedback: { type: 'array', minItems: 1, maxItems: mostItems, items } },
      not: hasAny(others),
    },
    FeedbackAnswer: {
      type: 'object',
      required: ['accepted'],
      properties: { accepted: { type: 'integer', minimum: 1 } },
    },
  };
}
