/** Paths and schemas of explanations, for a card that has the background that they need. */

import type { Sample } from '../../model/acceptance/golden-samples';
import type { Card } from '../../model/card/card';
import { findExplained } from '../../model/predictions/explained';
import { eventSchema, signatureName } from '../../openapi/envelope-schemas';
import { type Json, ofEachVersion, post, ref } from '../../openapi/operations';
import { number } from '../../openapi/prediction-schemas';
import { maxExactFeatures } from './explain';
import { eventForms } from './openapi';

export function createExplanationPaths(card: Card, samples: readonly Sample[], versions: readonly string[]): Json {
  if (!isExplainable(card)) return {};
  const instances = samples.map(({ instance }) => instance);
  const operation = {
    summary: 'What each feature adds to a prediction: Shapley values',
    tag: 'Prediction',
    request: { anyOf: ['ExplainRequest', 'PubSubPush', 'ExplainEvent'].map(ref) },
    answer: ref('ExplainAnswer'),
    examples: [{ name: 'instances', request: { instances } }],
    problem: 'ErrorProblem',
    ...eventForms('ExplainEvent', instances),
  } as const;
  const model = `/v1/models/${encodeURIComponent(card.name)}`;
  return ofEachVersion(model, versions, ':explain', (idEnd) => post({ ...operation, id: `explain${idEnd}` }));
}

function isExplainable(card: Card): boolean {
  return card.data?.background !== undefined && findExplained(card) !== undefined;
}

export function explanationSchemas(card: Card): Json {
  if (!isExplainable(card)) return {};
  const { task, labels = [], features } = card;
  const names = features.map(({ name }) => name);
  const ofLabels = {
    type: 'object',
    required: labels,
    properties: Object.fromEntries(labels.map((label) => [label, ref('Contributions')])),
  };
  const [member, schema] = task === 'regression' ? ['value', ref('Contributions')] : ['probabilities', ofLabels];
  return {
    ExplainEvent: eventSchema(['ExplainRequest', 'PubSubPush']),
    ExplainRequest: {
      type: 'object',
      required: ['instances'],
      properties: {
        instances: ref('Instances'),
        parameters: parametersSchema(features.length),
        signature_name: signatureName,
      },
    },
    ExplainAnswer: {
      type: 'object',
      required: ['explanations', 'method'],
      properties: {
        explanations: {
          description: 'One for each instance, in order.',
          type: 'array',
          items: { type: 'object', required: [member], properties: { [member as string]: schema } },
        },
        method: {
          description: 'All coalitions of the features, or those of drawn permutations.',
          enum: ['exact', 'permutations'],
        },
      },
    },
    Contributions: {
      description: 'The contributions of the features add up to the prediction less the base.',
      type: 'object',
      required: ['base', 'prediction', 'contributions'],
      properties: {
        base: { description: 'The mean over the background rows of the card.', ...number },
        prediction: number,
        contributions: {
          type: 'object',
          required: names,
          properties: Object.fromEntries(names.map((name) => [name, number])),
        },
      },
    },
  };
}

/** Nobody looks at the parameters of a model whose coalitions all run. */
function parametersSchema(features: number): Json {
  if (features <= maxExactFeatures) return { description: 'Not used: all coalitions of the features run.' };
  return {
    description: 'How the coalitions are drawn.',
    properties: {
      permutations: { description: 'Each is walked in both directions.', type: 'integer', minimum: 1 },
      seed: { type: 'integer', minimum: 0 },
    },
  };
}
