/** KServe V1 in the OpenAPI document. */
import { modelPath } from '../../http/model-path';
import type { Card } from '../../model/card/card';
import { either, fixedBoolean, hasAny, type Json, listOf, record, ref } from '../../openapi/json-schema';
import { type Example, get, ofEachVersion, post } from '../../openapi/operations';
import type { Carried, Described, OpenApiPart } from '../../openapi/part';
import { coverageMember, coverageParameter } from '../../openapi/prediction-schemas';
import { describeExplain, signatureName } from './explain-openapi';

const requests = ['PredictRequest', 'PredictInputsRequest', 'PredictColumnsRequest'];
const answer = 'PredictAnswer';
const problems = ['ErrorProblem'];
const text = { type: 'string' };

export function describeKserveV1(described: Described): OpenApiPart {
  const { carried } = described;
  const explain = describeExplain(described);
  const body = carried('Predict', requests);
  const examples = toExamples(described);
  return {
    paths: { ...aboutPaths(described), ...predictPaths(described, body, examples), ...explain.paths },
    schemas: { ...schemas(described), ...body.schemas, ...explain.schemas },
    shared: { requests, answer, otherAnswers: columnsAnswers, examples },
  };
}

function toExamples({ card, instances, predictions }: Described): Example[] {
  const objects = instances.map((instance) => toObject(card, instance));
  return [
    { name: 'instances', request: { instances }, answer: { predictions } },
    { name: 'objects', request: { instances: objects }, answer: { predictions } },
  ];
}

function toObject({ features }: Card, instance: unknown): unknown {
  if (!Array.isArray(instance)) return instance;
  return Object.fromEntries(features.map(({ name }, i) => [name, instance[i]]));
}

function predictPaths({ card, instances, versions }: Described, body: Carried, examples: readonly Example[]): Json {
  const inputs = { ...examples[0], name: 'inputs', request: { inputs: instances } };
  const operation = {
    tag: 'Prediction',
    request: either(body.requests.map(ref)),
    answer: either([ref(answer), ...columnsAnswers]),
    examples: [...examples, inputs],
    problems,
    ...body.operation,
  };
  const summaryOf = (idEnd: string) =>
    idEnd === '' ? 'Predict in the format of KServe V1, TensorFlow Serving and Vertex AI' : 'Predict with this version';
  return ofEachVersion(modelPath('/v1', card.name), versions, ':predict', (idEnd) =>
    post({ ...operation, id: `predictV1${idEnd}`, summary: summaryOf(idEnd) }),
  );
}

function aboutPaths({ card, versions }: Described): Json {
  const tag = 'About';
  const status = (idEnd: string) =>
    get({
      id: `readModelStatus${idEnd}`,
      summary: 'Model status for KServe and TensorFlow Serving clients',
      tag,
      schema: record({
        name: text,
        ready: fixedBoolean(true),
        model_version_status: listOf(record({ version: text, state: text, status: { type: 'object' } })),
      }),
      loads: true,
      problems,
    });
  const metadata = (idEnd: string) =>
    get({
      id: `readSignature${idEnd}`,
      summary: 'Names, types and shapes of the tensors for TensorFlow Serving clients',
      tag,
      schema: record({ model_spec: { type: 'object' }, metadata: { type: 'object' } }),
      problems,
    });
  return {
    '/v1/models': get({
      id: 'listModels',
      summary: 'List the models served',
      tag,
      schema: record({ models: listOf(text) }),
      problems,
    }),
    ...ofEachVersion(modelPath('/v1', card.name), versions, '', status),
    ...ofEachVersion(modelPath('/v1', card.name), versions, '/metadata', metadata),
  };
}

function schemas({ card, otherKeys }: Described): Json {
  return {
    PredictRequest: envelope('instances', card, otherKeys('instances')),
    PredictInputsRequest: envelope('inputs', card, otherKeys('inputs')),
    PredictColumnsRequest: columnsRequest(card, otherKeys('inputs')),
    OutputsAnswer: outputsAnswer(card),
    PredictAnswer: {
      type: 'object',
      required: ['predictions'],
      properties: {
        predictions: { description: 'One per instance, in order.', type: 'array', items: ref('Prediction') },
        ...flagMembers(card),
        ...coverageMember(card),
      },
    },
  };
}

/** Columns by feature or by tensor, or a table of columns under `data`. */
function columnsRequest(card: Card, others: readonly string[]): Json {
  const columns = { type: 'object', minProperties: 1, additionalProperties: { type: 'array', items: {} } };
  const table = { type: 'object', required: ['data'], properties: { data: columns } };
  return {
    type: 'object',
    required: ['inputs'],
    properties: {
      inputs: either([columns, table]),
      parameters: { properties: coverageParameter(card) },
      signature_name: signatureName,
    },
    not: hasAny(others),
  };
}

/** For a table, the list of labels or values. */
const columnsAnswers: readonly Json[] = [ref('OutputsAnswer'), { type: 'array', items: {} }];

function outputsAnswer(card: Card): Json {
  const outputs = { description: 'The outputs of the model by name, and sets; or the only output alone.' };
  return { type: 'object', required: ['outputs'], properties: { outputs, ...coverageMember(card) } };
}

/** A list of instances under `key`; keys of other envelopes are rejected. */
function envelope(key: string, card: Card, others: readonly string[]): Json {
  return {
    type: 'object',
    required: [key],
    properties: {
      [key]: ref('Instances'),
      parameters: {
        properties: {
          flag: { description: 'Whether to flag values outside the training range.', type: 'boolean' },
          explore: {
            description:
              'Whether the rows only try the model: they count neither for drift nor in metrics of predictions, and are not captured.',
            type: 'boolean',
          },
          ...coverageParameter(card),
        },
      },
      signature_name: signatureName,
    },
    not: hasAny(others),
  };
}

/** Members of an answer when `parameters.flag` is true. */
function flagMembers({ features }: Card): Json {
  const number = { type: 'number' };
  return {
    flagged_rows: { description: 'Rows with a value outside its training range.', type: 'integer', minimum: 0 },
    flags: {
      description: 'The first 1000 values outside their training range; `row` counts from 0.',
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['row', 'feature', 'value', 'minimum', 'maximum'],
        properties: {
          row: { type: 'integer', minimum: 0 },
          feature: { enum: features.map(({ name }) => name) },
          value: number,
          minimum: number,
          maximum: number,
        },
      },
    },
  };
}
