/** The Open Inference Protocol v2 in the OpenAPI document. */
import { modelPath } from '../../http/model-path';
import type { Card } from '../../model/card/card';
import { fixedBoolean, type Json, listOf, record, ref } from '../../openapi/json-schema';
import { get, ofEachVersion, post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { aboutSchemas, text } from './about-schemas';
import { inferExample } from './infer-example';
import { logSettings, traceSettings } from './settings';
import { settingsSchemas, tensorSchemas } from './tensor-schemas';

const tag = 'Open Inference Protocol v2';
const tagDescription = 'Tensors in and out, as KServe, Triton and MLServer speak, with Triton’s additions.';
const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const headerName = 'Inference-Header-Content-Length';
const yes = fixedBoolean(true);
const problems = ['ErrorProblem'];
const loads = { loads: true };

export function describeOpenInference(described: Described): OpenApiPart {
  return {
    tag,
    tagDescription,
    paths: toPaths(described),
    schemas: { ...tensorSchemas(described.card), ...aboutSchemas },
  };
}

function read(id: string, summary: string, schema: Json, more: { readonly loads?: boolean } = {}): Json {
  return get({ id, summary, tag, schema, problems, ...more });
}

function toPaths({ card, instances, versions }: Described): Json {
  const statistics = (id: string) =>
    read(id, 'Inference statistics since the start, in the format of Triton', ref('InferenceStatistics'));
  const trace = (id: string) => settings(id, 'Trace settings in the format of Triton', traceSettings);
  const ofModel = (end: string, create: (idEnd: string) => Json) =>
    ofEachVersion(modelPath('/v2', card.name), versions, end, create);
  return {
    '/v2': read('describeServer', 'Server metadata and extensions', ref('ServerMetadata')),
    '/v2/health/live': read('isLive', 'Whether the process is live', record({ live: yes })),
    '/v2/health/ready': read('isReady', 'Whether the model is ready; asking loads it', record({ ready: yes }), loads),
    '/v2/models': read('listModelsV2', 'List the models served', record({ models: listOf(text) })),
    '/v2/models/stats': statistics('readAllStatistics'),
    '/v2/trace/setting': trace(''),
    '/v2/logging': settings('Log', 'Log settings in the format of Triton', logSettings),
    ...ofModel('', (idEnd) =>
      read(`describeModel${idEnd}`, 'Model metadata: inputs and outputs', ref('ModelMetadata')),
    ),
    ...ofModel('/ready', (idEnd) =>
      read(`isModelReady${idEnd}`, 'Whether the model is ready', record({ ready: yes, name: text }), loads),
    ),
    ...ofModel('/infer', (idEnd) => inferOperation(`infer${idEnd}`, card, instances)),
    ...ofModel('/config', (idEnd) =>
      read(`readConfiguration${idEnd}`, 'Model configuration in the format of Triton', ref('ModelConfiguration')),
    ),
    '/v2/repository/index': post({
      id: 'listRepository',
      summary: 'List the models as Triton does',
      tag,
      request: { type: 'object', properties: { ready: { type: 'boolean' } } },
      answer: listOf(ref('RepositoryModel')),
      isBodyOptional: true,
      examples: [{ name: 'all', request: {} }],
      problems,
      invalidStatus: 400,
    }),
    ...ofModel('/stats', (idEnd) => statistics(`readStatistics${idEnd}`)),
    ...ofModel('/trace/setting', (idEnd) => trace(`Model${idEnd}`)),
  };
}

/** Settings can be read; an update must repeat their fixed values. */
function settings(id: string, summary: string, values: Readonly<Record<string, unknown>>): Json {
  const { answer, update } = settingsSchemas(values);
  const name = id === 'Log' ? 'LogSettings' : `${id}TraceSettings`;
  return {
    ...read(`read${name}`, summary, answer),
    ...post({
      id: `update${name}`,
      summary: `${summary}; an update must repeat the fixed values`,
      tag,
      request: update,
      answer,
      examples: [{ name: 'nothing', request: {} }],
      problems,
      invalidStatus: 400,
    }),
  };
}

function inferOperation(id: string, card: Card, instances: readonly unknown[]): Json {
  return post({
    id,
    summary: 'Run inference on tensors',
    tag,
    request: ref('InferenceRequest'),
    answer: ref('InferenceAnswer'),
    examples: [inferExample(card, instances)],
    problems,
    invalidStatus: 400,
    otherBodies: bytes,
    otherAnswers: bytes,
    parameters: [
      {
        name: headerName,
        in: 'header',
        required: false,
        description:
          'Length in bytes of the JSON before the binary tensors; 0 for a raw body with the only input. Without it, ' +
          'the body is JSON whatever its type.',
        schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
      },
    ],
    answerHeaders: {
      [headerName]: { description: 'Bytes of JSON, if binary tensors follow.', schema: { type: 'string' } },
    },
  });
}
