/** The schemas of this deployment: what the card says of instances, predictions and tensors, in JSON Schema 2020-12. */
import type { Card } from '../../model/card';
import { arrayInstanceSchema, objectInstanceSchema } from '../../model/schemas';
import { driftSchema, flagMembers } from './drift';
import { explanationSchemas } from './explanation';
import { type Json, ref } from './parts';
import { memberSchemas, predictionSchema } from './predictions';
import { problemSchemas } from './problems';

const text = { type: 'string' };
const anything = {};

export function createSchemas(card: Card): Json {
  return {
    ...instanceSchemas(card),
    ...problemSchemas(),
    Drift: driftSchema(card),
    ...explanationSchemas(card),
    ...eventSchemas(),
    ...bigQuerySchemas(card),
    ...inferenceSchemas(card),
  };
}

function instanceSchemas(card: Card): Json {
  return {
    InstanceArray: { description: 'The features in the order of the card.', ...arrayInstanceSchema(card) },
    InstanceObject: { description: 'The features by name.', ...objectInstanceSchema(card) },
    Instances: {
      description: 'Instances of one form.',
      anyOf: ['InstanceArray', 'InstanceObject'].map((name) => ({ type: 'array', minItems: 1, items: ref(name) })),
    },
    Prediction: predictionSchema(card),
    PredictRequest: envelope('instances', 'inputs', 'calls'),
    PredictInputsRequest: envelope('inputs', 'instances', 'calls'),
    PredictAnswer: {
      type: 'object',
      required: ['predictions'],
      properties: {
        predictions: { description: 'One for each instance, in order.', type: 'array', items: ref('Prediction') },
        ...flagMembers(card),
      },
    },
  };
}

/** One envelope a body: the members of the others are refused. */
function envelope(key: string, ...others: readonly string[]): Json {
  return {
    type: 'object',
    required: [key],
    properties: {
      [key]: ref('Instances'),
      parameters: {
        properties: { flag: { description: 'Whether to flag values outside the training range.', type: 'boolean' } },
      },
      signature_name: { const: 'serving_default' },
      ...Object.fromEntries(others.map((other) => [other, false])),
    },
  };
}

function eventSchemas(): Json {
  const attributes = { specversion: { const: '1.0' }, id: text, source: text, type: text };
  return {
    CloudEvent: {
      description: 'An event in structured mode; its data is a request.',
      type: 'object',
      required: Object.keys(attributes),
      properties: { ...attributes, data: anything, data_base64: text },
    },
    CloudEventAnswer: {
      type: 'object',
      required: [...Object.keys(attributes), 'time', 'datacontenttype', 'data'],
      properties: { ...attributes, time: text, datacontenttype: text, data: anything },
    },
    PubSubPush: {
      description: 'A Pub/Sub push message; its data is a request in base64.',
      type: 'object',
      required: ['message'],
      properties: { message: { type: 'object', required: ['data'], properties: { data: text } } },
    },
  };
}

function bigQuerySchemas(card: Card): Json {
  const members = memberSchemas(card);
  const forms = ['json', ...members.keys()];
  const replies = [ref('Prediction'), ...members.values(), { type: 'null' }];
  return {
    BigQueryRequest: {
      description: 'The body of a remote function.',
      type: 'object',
      required: ['calls'],
      properties: {
        calls: {
          description:
            'Arguments of each row: one a feature, or one JSON argument. Numbers may be text; NULL gets NULL.',
          type: 'array',
          minItems: 1,
          items: { type: 'array' },
        },
        userDefinedContext: {
          type: 'object',
          properties: { answer: { enum: forms }, nulls: { enum: ['null', 'error'] } },
        },
        instances: false,
        inputs: false,
      },
    },
    BigQueryAnswer: {
      type: 'object',
      required: ['replies'],
      properties: { replies: { type: 'array', items: { anyOf: replies } } },
    },
  };
}

function inferenceSchemas({ inputs, outputs }: Card): Json {
  const shape = { type: 'array', items: { type: 'integer', minimum: 0 } };
  const flag = { type: 'boolean' };
  const datatypes = (all: Card['inputs']) => [...new Set(all.map(({ datatype }) => datatype))];
  return {
    InferenceTensor: {
      description:
        'Data in row-major order, flat or nested; or its bytes behind the JSON, counted by `binary_data_size`.',
      type: 'object',
      required: ['name', 'shape', 'datatype'],
      properties: {
        name: { enum: inputs.map(({ name }) => name) },
        shape,
        datatype: { enum: datatypes(inputs) },
        data: { type: 'array' },
        parameters: { type: 'object', properties: { binary_data_size: { type: 'integer', minimum: 0 } } },
      },
    },
    InferenceOutput: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { enum: outputs.map(({ name }) => name) },
        parameters: {
          type: 'object',
          properties: { binary_data: flag, classification: { type: 'integer', minimum: 1 } },
        },
      },
    },
    InferenceRequest: {
      type: 'object',
      required: ['inputs'],
      properties: {
        id: text,
        parameters: { type: 'object', properties: { binary_data_output: flag } },
        inputs: { type: 'array', items: ref('InferenceTensor') },
        outputs: { type: 'array', items: ref('InferenceOutput') },
      },
    },
    InferenceAnswer: {
      type: 'object',
      required: ['model_name', 'model_version', 'outputs'],
      properties: {
        id: text,
        model_name: text,
        model_version: text,
        outputs: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'shape', 'datatype'],
            properties: { name: text, shape, datatype: text, data: { type: 'array' }, parameters: { type: 'object' } },
          },
        },
      },
    },
  };
}
