/** Paths of the Open Inference Protocol v2. */
import type { Card, Feature } from '../../model/card';
import type { Sample } from '../../model/samples';
import { rowWidth, type TensorSpec } from '../../model/tensors';
import { type Example, get, type Json, post, ref, versionPath } from './parts';

const tag = 'Open Inference Protocol v2';
const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const headerName = 'Inference-Header-Content-Length';

export function createInferencePaths(card: Card, samples: readonly Sample[], versions: readonly string[]): Json {
  const text = { type: 'string' };
  const member = (name: string, schema: Json, ...more: readonly string[]): Json => ({
    type: 'object',
    required: [name, ...more],
    properties: { [name]: schema },
  });
  const model = `/v2/models/${encodeURIComponent(card.name)}`;
  const paths = [model, ...versions.map((version) => versionPath(model, version))];
  const signature = get({
    summary: 'The signature of the model',
    tag,
    schema: member('name', text, 'versions', 'platform', 'inputs', 'outputs'),
  });
  const ready = get({
    summary: 'Whether the model answers',
    tag,
    schema: member('ready', { const: true }, 'name'),
    loads: true,
  });
  const infer = inferOperation(card, samples);
  const config = get({
    summary: 'The configuration, as clients of Triton read it',
    tag,
    schema: member('name', text, 'input', 'output'),
  });
  const statistics = get({
    summary: 'Runs since the start, as clients of Triton read them',
    tag,
    schema: member('model_stats', { type: 'array' }),
  });
  const trace = settings('Trace settings, as clients of Triton read them');
  const ofModel = paths.flatMap((base) => [
    [base, signature],
    [`${base}/ready`, ready],
    [`${base}/infer`, infer],
    [`${base}/config`, config],
    [`${base}/stats`, statistics],
    [`${base}/trace/setting`, trace],
  ]);
  return {
    '/v2': get({
      summary: 'What the server can do',
      tag,
      schema: member('extensions', { type: 'array', items: text }, 'name', 'version'),
    }),
    '/v2/health/live': get({ summary: 'Whether the process answers', tag, schema: member('live', { const: true }) }),
    '/v2/health/ready': get({
      summary: 'Whether the model answers; asking loads it',
      tag,
      schema: member('ready', { const: true }),
      loads: true,
    }),
    '/v2/models': get({
      summary: 'The models that are served',
      tag,
      schema: member('models', { type: 'array', items: text }),
    }),
    '/v2/models/stats': statistics,
    '/v2/trace/setting': trace,
    '/v2/logging': settings('Log settings, as clients of Triton read them'),
    ...Object.fromEntries(ofModel),
  };
}

/** Settings that are read, and updated to what they are. */
function settings(summary: string): Json {
  const schema = { type: 'object' };
  const update = post({
    summary: `${summary}; an update may only say what they are`,
    tag,
    request: schema,
    answer: schema,
    examples: [{ name: 'nothing', request: {} }],
    problem: 'ErrorProblem',
    invalidStatus: 400,
  });
  return { ...get({ summary, tag, schema }), ...update };
}

function inferOperation(card: Card, samples: readonly Sample[]): Json {
  return post({
    summary: 'Tensors in, tensors out',
    tag,
    request: ref('InferenceRequest'),
    answer: ref('InferenceAnswer'),
    examples: [inferExample(card, samples)],
    problem: 'ErrorProblem',
    invalidStatus: 400,
    otherBodies: bytes,
    otherAnswers: bytes,
    parameters: [
      {
        name: headerName,
        in: 'header',
        required: false,
        description: 'Bytes of the JSON before those of the tensors; 0 for the bytes of the only input alone.',
        schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
      },
    ],
    answerHeaders: {
      [headerName]: { description: 'Bytes of the JSON, where bytes of tensors follow.', schema: { type: 'string' } },
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

/** The elements of a feature's value, which may be nested, left out or missing. */
function readElements(instance: unknown, { name, default: fallback }: Feature, position: number): unknown[] {
  const value = Array.isArray(instance) ? instance[position] : ((instance as Json)[name] ?? fallback);
  return [value].flat(Number.POSITIVE_INFINITY);
}
