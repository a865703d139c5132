/** CloudEvents in the OpenAPI document: a media type for structured mode, header fields for binary mode. */
import { either, hasAll, hasAny, type Json, listOf, ref } from '../../openapi/json-schema';
import type { Carried } from '../../openapi/part';

export const structuredType = 'application/cloudevents+json';
export const batchType = 'application/cloudevents-batch+json';
const text = { type: 'string' };
const attributes = { specversion: { const: '1.0' }, id: text, source: text, type: text };

export function describeEvents(name: string, requests: readonly string[], instances: readonly unknown[]): Carried {
  const schemaName = `${name}Event`;
  const example = {
    specversion: '1.0',
    id: '1',
    source: '//example.com/source',
    type: 'com.example.request',
    data: { instances },
  };
  return {
    requests: [schemaName],
    schemas: { [schemaName]: eventSchema(requests), CloudEventAnswer: answerSchema },
    lists: {
      [batchType]: {
        schema: listOf(ref(schemaName)),
        examples: { batch: { value: [example, { ...example, id: '2' }] } },
      },
    },
    operation: {
      otherBodies: {
        [structuredType]: { schema: ref(schemaName), examples: { event: { value: example } } },
      },
      otherAnswers: {
        [structuredType]: { schema: ref('CloudEventAnswer') },
        [batchType]: { schema: listOf(ref('CloudEventAnswer')) },
      },
      parameters: [
        {
          name: 'ce-specversion',
          in: 'header',
          required: false,
          description:
            '1.0 if the body is the data of a CloudEvent; `ce-id`, `ce-source` and `ce-type` are then required.',
          schema: text,
        },
      ],
    },
  };
}

/** An event whose data is a request: JSON, text that holds JSON, or base64. */
function eventSchema(requests: readonly string[]): Json {
  return {
    description: 'An event in structured mode with a request as its data, in `data` or, as base64, in `data_base64`.',
    type: 'object',
    required: Object.keys(attributes),
    properties: { ...attributes, data: either([...requests.map(ref), text]), data_base64: text },
    // Not `oneOf`: client generators turn it into a union of types.
    not: { anyOf: [hasAll(['data', 'data_base64']), { not: hasAny(['data', 'data_base64']) }] },
  };
}

const answerSchema: Json = {
  type: 'object',
  required: [...Object.keys(attributes), 'time', 'datacontenttype', 'data'],
  properties: { ...attributes, time: text, datacontenttype: text, data: {} },
};
