/** `POST /invocations` and the paths beside it in the OpenAPI document. */
import { either, hasAny, type Json, record, ref } from '../../openapi/json-schema';
import { get, post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { coverageMember, coverageParameter } from '../../openapi/prediction-schemas';
import { problemWith } from '../../openapi/problem-schemas';
import { describeTables } from '../shared/tables/openapi';

const tag = 'MLflow and SageMaker';
const tagDescription = 'As MLflow, Databricks, SageMaker and Azure ML call a model: tables as JSON, CSV or JSON lines.';
const text = { type: 'string' };
const rows = ['DataframeSplitRequest', 'DataframeRecordsRequest'];
const lists = ['InvocationsInstances', 'InvocationsInstanceColumns', 'InvocationsInputs', 'InvocationsInputColumns'];

export function describeInvocations(described: Described): OpenApiPart {
  const { callersCard, instances, predictions, carried } = described;
  const body = carried('Invocations', [...rows, ...lists]);
  const names = callersCard.features.map(({ name }) => name);
  const canSplit = instances.every(Array.isArray);
  const answer = { predictions };
  const split = { name: 'dataframeSplit', request: { dataframe_split: { columns: names, data: instances } }, answer };
  const records = { name: 'dataframeRecords', request: { dataframe_records: instances }, answer };
  const examples = [...(canSplit ? [split] : []), records];
  const tables = describeTables(described);
  const operation = post({
    id: 'invoke',
    summary: 'Predict as MLflow, Databricks, SageMaker and Azure ML do',
    tag,
    request: either(body.requests.map(ref)),
    answer: ref('InvocationsAnswer'),
    examples: [...examples, { name: 'rows', request: { inputs: instances }, answer }],
    problems: ['MlflowProblem'],
    invalidStatus: 400,
    ...body.operation,
    otherBodies: { ...body.operation.otherBodies, ...tables.otherBodies },
    otherAnswers: { ...body.operation.otherAnswers, ...tables.otherAnswers },
  });
  return {
    tag,
    tagDescription,
    paths: { '/invocations': operation, ...aboutPaths() },
    schemas: { ...schemas(described), ...body.schemas },
    shared: { requests: rows, answer: 'InvocationsAnswer', examples },
  };
}

function aboutPaths(): Json {
  const schema = record({ status: text });
  return {
    '/ping': get({ id: 'ping', summary: 'Whether the model is loaded', tag, schema, loads: true }),
    '/health': get({ id: 'readHealth', summary: 'The same as /ping', tag, schema, loads: true }),
    '/version': get({
      id: 'readVersion',
      summary: 'The version of this package',
      tag,
      schema: text,
      contentType: 'text/plain',
    }),
  };
}

function schemas({ card, callersCard: { features }, otherKeys }: Described): Json {
  const params = { params: { properties: coverageParameter(card) } };
  const columns = {
    type: 'object',
    additionalProperties: { type: 'array', items: {} },
    minProperties: 1,
  };
  const table = (key: string, schema: Json): Json => ({
    type: 'object',
    required: [key],
    properties: { [key]: schema, ...params },
    not: hasAny(['dataframe_split', 'dataframe_records', key === 'inputs' ? 'instances' : 'inputs']),
  });
  return {
    DataframeSplitRequest: {
      type: 'object',
      required: ['dataframe_split'],
      properties: {
        dataframe_split: {
          type: 'object',
          required: ['data'],
          properties: {
            columns: { type: ['array', 'null'], items: { enum: features.map(({ name }) => name) } },
            data: { type: 'array', minItems: 1, items: either([{ type: 'array', items: {} }, { type: 'object' }]) },
          },
        },
        ...params,
      },
      not: hasAny(otherKeys('dataframe_split')),
    },
    DataframeRecordsRequest: {
      type: 'object',
      required: ['dataframe_records'],
      properties: { dataframe_records: ref('Instances'), ...params },
      not: hasAny(otherKeys('dataframe_records')),
    },
    InvocationsInstances: table('instances', ref('Instances')),
    InvocationsInstanceColumns: table('instances', columns),
    InvocationsInputs: table('inputs', ref('Instances')),
    InvocationsInputColumns: table('inputs', columns),
    InvocationsAnswer: {
      type: 'object',
      required: ['predictions'],
      properties: {
        predictions: { description: 'One per row, in order.', type: 'array', items: ref('Prediction') },
        ...coverageMember(card),
      },
    },
    MlflowProblem: {
      allOf: [
        problemWith('message', 'The detail again, where clients of MLflow expect it.'),
        { type: 'object', required: ['error_code'], properties: { error_code: text } },
      ],
    },
  };
}
