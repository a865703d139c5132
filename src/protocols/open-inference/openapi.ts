/** The Open Inference Protocol v2 in the OpenAPI document. */

import type { Sample } from '../../model/acceptance/golden-samples';
import type { Card, Feature } from '../../model/card/card';
import { rowWidth, type TensorSpec } from '../../model/tensors/tensors';
import { type Json, ref } from '../../openapi/json-schema';
import { type Example, get, ofEachVersion, post } from '../../openapi/operations';
import type { Described, OpenApiPart } from '../../openapi/part';
import { logSettings, traceSettings } from './settings';
import { settingsSchemas, tensorSchemas } from './tensor-schemas';

const tag = 'Open Inference Protocol v2';
const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const headerName = 'Inference-Header-Content-Length';
const yes = { type: 'boolean', enum: [true] };

export function describeOpenInference(described: Described): OpenApiPart {
  return { tag, paths: toPaths(described), schemas: tensorSchemas(described.card) };
}

function toPaths({ card, samples, versions }: Described): Json {
  const text = { type: 'string' };
  const member = (name: string, schema: Json, ...more: readonly string[]): Json => ({
    type: 'object',
    required: [name, ...more],
    properties: { [name]: schema },
  });
  const model = `/v2/models/${encodeURIComponent(card.name)}`;
  const problems = ['ErrorProblem'];
  const statistics = {
    summary: 'Inference statistics since the start, in the format of Triton',
    tag,
    schema: member('model_stats', { type: 'array', items: { type: 'object' } }),
    problems,
  };
  const trace = (id: string) => settings(id, 'Trace settings in the format of Triton', traceSettings);
  const ofModel = (end: string, create: (idEnd: string) => Json) => ofEachVersion(model, versions, end, create);
  return {
    '/v2': get({
      id: 'describeServer',
      summary: 'Server metadata and extensions',
      tag,
      schema: member('extensions', { type: 'array', items: text }, 'name', 'version'),
      problems,
    }),
    '/v2/health/live': get({
      id: 'isLive',
      summary: 'Whether the process is live',
      tag,
      schema: member('live', yes),
      problems,
    }),
    '/v2/health/ready': get({
      id: 'isReady',
      summary: 'Whether the model is ready; asking loads it',
      tag,
      schema: member('ready', yes),
      loads: true,
      problems,
    }),
    '/v2/models': get({
      id: 'listModelsV2',
      summary: 'List the models served',
      tag,
      schema: member('models', { type: 'array', items: text }),
      problems,
    }),
    '/v2/models/stats': get({ ...statistics, id: 'readAllStatistics' }),
    '/v2/trace/setting': trace(''),
    '/v2/logging': settings('Log', 'Log settings in the format of Triton', logSettings),
    ...ofModel('', (idEnd) =>
      get({
        id: `describeModel${idEnd}`,
        summary: 'Model metadata: inputs and outputs',
        tag,
        schema: member('name', text, 'versions', 'platform', 'inputs', 'outputs'),
        problems,
      }),
    ),
    ...ofModel('/ready', (idEnd) =>
      get({
        id: `isModelReady${idEnd}`,
        summary: 'Whether the model is ready',
        tag,
        schema: member('ready', yes, 'name'),
        loads: true,
        problems,
      }),
    ),
    ...ofModel('/infer', (idEnd) => inferOperation(`infer${idEnd}`, card, samples)),
    ...ofModel('/config', (idEnd) =>
      get({
        id: `readConfiguration${idEnd}`,
        summary: 'Model configuration in the format of Triton',
        tag,
        schema: member('name', text, 'input', 'output'),
        problems,
      }),
    ),
    ...ofModel('/stats', (idEnd) => get({ ...statistics, id: `readStatistics${idEnd}` })),
    ...ofModel('/trace/setting', (idEnd) => trace(`Model${idEnd}`)),
  };
}

/** Settings can be read; an update must repeat their fixed values. */
function settings(id: string, summary: string, values: Readonly<Record<string, unknown>>): Json {
  const { answer, update } = settingsSchemas(values);
  const name = id === 'Log' ? 'LogSettings' : `${id}TraceSettings`;
  const problems = ['ErrorProblem'];
  return {
    ...get({ id: `read${name}`, summary, tag, schema: answer, problems }),
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

function inferOperation(id: string, card: Card, samples: readonly Sample[]): Json {
  return post({
    id,
    summary: 'Run inference on tensors',
    tag,
    request: ref('InferenceRequest'),
    answer: ref('InferenceAnswer'),
    examples: [inferExample(card, samples)],
    problems: ['ErrorProblem'],
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

function inferExample({ inputs, features }: Card, samples: readonly Sample[]): Example {
  const toTensor = (spec: TensorSpec) => {
    const { name, datatype, shape } = spec;
    const columns = features.filter(({ input }) => input === name).sort((a, b) => a.column - b.column);
    const data = samples.flatMap(({ instance }) =>
      columns.flatMap((feature) => readElements(instance, feature, features.indexOf(feature))),
    );
    return {
      name,
      datatype,
      shape: [samples.length, ...shape.slice(1)],
      data: data.slice(0, samples.length * rowWidth(spec)),
    };
  };
  return { name: 'tensors', request: { id: '1', inputs: inputs.map(toTensor) } };
}

/** An example value for a feature that may be nested, optional or missing. */
function readElements(instance: unknown, { name, default: fallback }: Feature, position: number): unknown[] {
  const value = Array.isArray(instance) ? instance[position] : ((instance as Json)[name] ?? fallback);
  return [value].flat(Number.POSITIVE_INFINITY);
}
