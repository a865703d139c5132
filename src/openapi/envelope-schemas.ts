/** The schemas of bodies that are known by a member: lists of instances, events, messages. */
import { type Json, ref } from './operations';

const text = { type: 'string' };
const anything = {};

/** Models have one signature, which clients of TensorFlow Serving may name. */
export const signatureName: Json = { enum: ['serving_default', null] };

/** A list of instances under `key`. One envelope a body: the members of the others are refused. */
export function envelope(key: string, ...others: readonly string[]): Json {
  return {
    type: 'object',
    required: [key],
    properties: {
      [key]: ref('Instances'),
      parameters: {
        properties: { flag: { description: 'Whether to flag values outside the training range.', type: 'boolean' } },
      },
      signature_name: signatureName,
    },
    not: hasAny(others),
  };
}

export function hasAny(members: readonly string[]): Json {
  return { anyOf: members.map((member) => ({ required: [member] })) };
}

const attributes = { specversion: { const: '1.0' }, id: text, source: text, type: text };

/** An event whose data is one of the requests, as JSON, as text that holds JSON, or in base64. */
export function eventSchema(requests: readonly string[]): Json {
  return {
    description: 'An event in structured mode; its data is a request, under `data` or, in base64, `data_base64`.',
    type: 'object',
    required: Object.keys(attributes),
    properties: { ...attributes, data: { anyOf: [...requests.map(ref), text] }, data_base64: text },
    // Generators of clients take a `oneOf` for a union of types.
    not: { anyOf: [{ required: ['data', 'data_base64'] }, { not: hasAny(['data', 'data_base64']) }] },
  };
}

export function eventSchemas(): Json {
  const messages = ['PubSubPush'];
  const predictRequests = ['PredictRequest', 'PredictInputsRequest', ...messages];
  return {
    AnyEvent: eventSchema([...predictRequests, 'BigQueryRequest']),
    PredictEvent: eventSchema(predictRequests),
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
