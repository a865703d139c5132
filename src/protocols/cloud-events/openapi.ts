/** Events in the OpenAPI document: a media type of their own, or attributes as header fields. */
import { hasAny, type Json, ref } from '../../openapi/json-schema';
import type { Carried } from '../../openapi/part';

export const structuredType = 'application/cloudevents+json';
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
    operation: {
      otherBodies: { [structuredType]: { schema: ref(schemaName), examples: { event: { value: example } } } },
      otherAnswers: { [structuredType]: { schema: ref('CloudEventAnswer') } },
      parameters: [
        {
          name: 'ce-specversion',
          in: 'header',
          required: false,
          description:
            '1.0 where the body is the data of a CloudEvent; then `ce-id`, `ce-source` and `ce-type` come too.',
          schema: text,
        },
      ],
    },
  };
}

/** An event whose data is one of the requests, as JSON, as text that holds JSON, or in base64. */
function eventSchema(requests: readonly string[]): Json {
  return {
    description: 'An event in structured mode; its data is a request, under `data` or, in base64, `data_base64`.',
    type: 'object',
    required: Object.keys(attributes),
    properties: { ...attributes, data: { anyOf: [...requests.map(ref), text] }, data_base64: text },
    // Generators of clients take a `oneOf` for a union of types.
    not: { anyOf: [{ required: ['data', 'data_base64'] }, { not: hasAny(['data', 'data_base64']) }] },
  };
}

const answerSchema: Json = {
  type: 'object',
  required: [...Object.keys(attributes), 'time', 'datacontenttype', 'data'],
  properties: { ...attributes, time: text, datacontenttype: text, data: {} },
};
