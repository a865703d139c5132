/** Feedback in the OpenAPI document. */
import { modelPath } from '../../http/model-path';
import { either, hasAny, type Json, ref } from '../../openapi/json-schema';
import { post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { type Truth, truthOf } from './truth';

const tag = 'Feedback';

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
    paths: { [`${modelPath('/v1', card.name)}:feedback`]: operation },
    schemas: { ...schemas(truth, otherKeys('feedback')), ...body.schemas },
    shared: { requests: ['FeedbackRequest'], answer: 'FeedbackAnswer', examples: [example] },
  };
}

function schemas({ member, schema }: Truth, others: readonly string[]): Json {
  const properties = {
    id: {
      description: 'The Prediction-Id of the answer.',
      type: 'string',
      minLength: 1,
      maxLength: 128,
      pattern: '^[!-~]+$',
    },
    row: { description: 'Which row of the request, from 0.', type: 'integer', minimum: 0, default: 0 },
    [member]: { description: 'What was right.', ...schema },
  };
  const items = { type: 'object', required: ['id', member], properties, additionalProperties: false };
  return {
    FeedbackRequest: {
      type: 'object',
      required: ['feedback'],
      properties: { feedback: { type: 'array', minItems: 1, maxItems: 10_000, items } },
      not: hasAny(others),
    },
    FeedbackAnswer: {
      type: 'object',
      required: ['accepted'],
      properties: { accepted: { type: 'integer', minimum: 1 } },
    },
  };
}
