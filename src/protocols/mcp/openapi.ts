/** The Model Context Protocol in the OpenAPI document: one operation that takes any message. */
import { jsonType } from '../../http/message';
import { type Json, ref } from '../../openapi/json-schema';
import { post, problemAnswer } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';

const tagDescription = 'The model as tools of the Model Context Protocol.';
const text = { type: 'string' };
const id = { type: ['string', 'integer', 'number', 'null'] };
const error = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'integer' }, message: text, data: {} },
};

export function describeMcp({ instances, callersCard }: Described): OpenApiPart {
  const row = instances.map((instance) => toObject(instance, callersCard.features));
  const call = { method: 'tools/call', params: { name: 'predict', arguments: { instances: row } } };
  const examples = [
    { name: 'listTools', request: { jsonrpc: '2.0', id: 1, method: 'tools/list' } },
    { name: 'callPredict', request: { jsonrpc: '2.0', id: 2, ...call } },
  ];
  const operation = post({
    id: 'callAgentProtocol',
    summary: 'Answer a message of the Model Context Protocol (JSON-RPC 2.0)',
    tag: 'Agents',
    request: ref('McpMessage'),
    answer: ref('McpResponse'),
    examples,
    problems: ['McpProblem'],
  });
  return { tag: 'Agents', tagDescription, paths: { '/mcp': withErrors(operation) }, schemas };
}

function toObject(instance: unknown, features: readonly { readonly name: string }[]): unknown {
  if (!Array.isArray(instance)) return instance;
  return Object.fromEntries(features.map(({ name }, i) => [name, instance[i]]));
}

/** Adds the statuses of this protocol: errors are its own responses, or problems that it spells. */
function withErrors({ post: operation }: Json): Json {
  const { responses, ...rest } = operation as { readonly responses: Readonly<Record<string, Json>> };
  const own = { description: 'An error of the protocol, or a problem.', content: errorContent };
  return {
    post: {
      ...rest,
      responses: {
        ...Object.fromEntries(
          Object.entries(responses).map(([status, response]) => [
            status,
            status === '200' ? response : { ...response, content: errorContent },
          ]),
        ),
        202: { description: 'A notification has been accepted.' },
        400: own,
        403: { ...problemAnswer('untrusted-origin'), content: errorContent },
        404: own,
      },
    },
  };
}

const errorContent: Json = {
  [jsonType]: { schema: { anyOf: [ref('McpResponse'), ref('McpProblem')] } },
  'application/problem+json': { schema: ref('McpProblem') },
};

const schemas: Json = {
  McpMessage: {
    type: 'object',
    required: ['jsonrpc'],
    properties: { jsonrpc: { const: '2.0' }, id, method: text, params: { type: 'object' }, result: {}, error: {} },
    anyOf: [{ required: ['method'] }, { required: ['result'] }, { required: ['error'] }],
  },
  McpResponse: {
    type: 'object',
    required: ['jsonrpc', 'id'],
    properties: { jsonrpc: { const: '2.0' }, id, result: { type: 'object' }, error },
    anyOf: [{ required: ['result'] }, { required: ['error'] }],
  },
  McpProblem: {
    allOf: [
      ref('Problem'),
      { type: 'object', required: ['jsonrpc', 'error'], properties: { jsonrpc: { const: '2.0' }, id, error } },
    ],
  },
};
