/** BigQuery remote functions in the OpenAPI document. */
import type { Card, Feature } from '../../model/card/card';
import { featureSchema } from '../../model/instances/schemas';
import { datatypes } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';
import { hasAny, type Json, ref, tuple } from '../../openapi/json-schema';
import { post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { coverageParameter, memberSchemas, setSchemas } from '../../openapi/prediction-schemas';
import { problemWith } from '../../openapi/problem-schemas';
import { numberText } from '../shared/remote-calls';

const nothing: Json = { type: 'null' };
const problem = 'BigQueryProblem';

export function describeBigQuery({ callersCard: card, instances, predictions, otherKeys }: Described): OpenApiPart {
  const requests = ['BigQueryRequest'];
  const answer = 'BigQueryAnswer';
  const example = {
    name: 'bigquery',
    request: { calls: instances.map((instance) => (Array.isArray(instance) ? instance : [instance])) },
    answer: { replies: predictions },
  };
  return {
    paths: {
      '/bigquery': post({
        id: 'predictForBigQuery',
        tag: 'Prediction',
        summary: 'Predict for a BigQuery remote function',
        request: ref('BigQueryRequest'),
        answer: ref(answer),
        examples: [example],
        problems: [problem],
      }),
    },
    schemas: {
      ...schemas(card, otherKeys('calls')),
      [problem]: problemWith('errorMessage', 'The detail, under 1 KB, for BigQuery to show.'),
    },
    shared: { requests, answer, examples: [example], problem },
  };
}

function schemas(card: Card, others: readonly string[]): Json {
  const members = memberSchemas(card);
  const sets = setSchemas(card);
  const forms = ['json', ...members.keys(), ...Object.keys(sets)];
  return {
    BigQueryRequest: {
      description: 'A remote function call.',
      type: 'object',
      required: ['calls'],
      properties: {
        calls: {
          description:
            'Arguments of each row: one per feature, or one JSON argument. Numbers may be text; NULL returns NULL.',
          type: 'array',
          minItems: 1,
          items: callSchema(card),
        },
        userDefinedContext: {
          type: 'object',
          properties: { answer: { enum: forms }, nulls: { enum: ['null', 'error'] }, ...coverageText(card) },
        },
      },
      not: hasAny(others),
    },
    BigQueryAnswer: {
      type: 'object',
      required: ['replies'],
      properties: {
        replies: {
          type: 'array',
          items: { anyOf: [ref('Prediction'), ...members.values(), ...Object.values(sets), nothing] },
        },
      },
    },
  };
}

/** The context of a remote function holds texts. */
function coverageText(card: Card): Json {
  const { coverage } = coverageParameter(card);
  return coverage === undefined ? {} : { coverage: { anyOf: [coverage, { type: 'string' }] } };
}

function callSchema(card: Card): Json {
  const { features } = card;
  const values = tuple(features.map((feature) => argumentSchema(card, feature)));
  const members = {
    type: 'object',
    properties: Object.fromEntries(features.map((feature) => [feature.name, argumentSchema(card, feature)])),
    required: features.filter((feature) => feature.default === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
  // A row with a NULL does not run, whatever its other values.
  const withNull = { ...tuple(features.map(() => ({}))), contains: { enum: [null, 'NaN'] } };
  const membersWithNull = { type: 'object', not: { additionalProperties: { not: { enum: [null, 'NaN'] } } } };
  const list = { type: 'array', items: {} };
  const json = [nothing, { ...list, ...values }, { ...list, ...withNull }, members, membersWithNull];
  // Not a choice of arrays: what is generated of that in Java does not compile.
  return { ...list, anyOf: [values, withNull, tuple([{ anyOf: json }])] };
}

function argumentSchema(card: Card, feature: Feature): Json {
  const { datatype } = card.inputs.find(({ name }) => name === feature.input) as TensorSpec;
  const isText = datatypes[datatype].kind === 'text';
  const schema = card.hooks?.instance.properties?.[feature.name] ?? featureSchema(card, feature);
  return { anyOf: [schema, nothing, ...(isText ? [] : [numberText])] };
}
