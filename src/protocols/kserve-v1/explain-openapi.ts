/** Explanations in the OpenAPI document, for cards with background rows. */
import { modelPath } from '../../http/model-path';
import type { Card } from '../../model/card/card';
import { type Role, roles } from '../../model/card/roles';
import { findExplainable } from '../../model/predictions/tasks';
import { numberOrNull } from '../../model/tensors/elements';
import { either, type Json, ref } from '../../openapi/json-schema';
import { ofEachVersion, post } from '../../openapi/operations';
import type { Carried, Described, OpenApiPart } from '../../openapi/part';
import { maxExactFeatures } from '../../serving/explanation/explain';

/** Each model has one signature, which TensorFlow Serving clients may name. */
export const signatureName: Json = { enum: ['serving_default', null] };

export function describeExplain(described: Described): OpenApiPart {
  const { card, carried } = described;
  const role = findExplainable(card)?.role;
  if (role === undefined) return { paths: {}, schemas: {} };
  const body = carried('Explain', ['ExplainRequest']);
  return { paths: explainPaths(described, body), schemas: { ...body.schemas, ...explainSchemas(card, role) } };
}

function explainPaths({ card, instances, versions }: Described, body: Carried): Json {
  const operation = {
    summary: 'Explain predictions by the Shapley value of each feature',
    tag: 'Prediction',
    request: either(body.requests.map(ref)),
    answer: ref('ExplainAnswer'),
    examples: [{ name: 'instances', request: { instances } }],
    problems: ['ErrorProblem'],
    ...body.operation,
  };
  const model = modelPath('/v1', card.name);
  return ofEachVersion(model, versions, ':explain', (idEnd) => post({ ...operation, id: `explainV1${idEnd}` }));
}

function explainSchemas(card: Card, role: Role): Json {
  const { labels = [], features } = card;
  const names = features.map(({ name }) => name);
  const ofLabels = {
    type: 'object',
    required: labels,
    properties: Object.fromEntries(labels.map((label) => [label, ref('Contributions')])),
  };
  const schema = roles[role].labels === 'each' ? ofLabels : ref('Contributions');
  return {
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
          description: 'One per instance, in order.',
          type: 'array',
          items: { type: 'object', required: [role], properties: { [role]: schema } },
        },
        method: {
          description: 'Whether all coalitions of the features ran, or a sample drawn from permutations.',
          enum: ['exact', 'permutations'],
        },
      },
    },
    Contributions: {
      description: 'The contributions of the features add up to the prediction minus the base.',
      type: 'object',
      required: ['base', 'prediction', 'contributions'],
      properties: {
        base: { description: 'Mean prediction over the background rows of the card.', ...numberOrNull },
        prediction: numberOrNull,
        contributions: {
          type: 'object',
          required: names,
          properties: Object.fromEntries(names.map((name) => [name, numberOrNull])),
        },
      },
    },
  };
}

/** Parameters are ignored by a model whose coalitions all run. */
function parametersSchema(features: number): Json {
  if (features <= maxExactFeatures) return { description: 'Ignored: all coalitions of the features run.' };
  return {
    description: 'How coalitions are sampled.',
    properties: {
      permutations: { description: 'Permutations, each walked in both directions.', type: 'integer', minimum: 1 },
      seed: { type: 'integer', minimum: 0 },
    },
  };
}
