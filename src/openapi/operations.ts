/** Building blocks for OpenAPI operations. */
import { jsonType } from '../http/message';
import { versionPath } from '../http/model-path';
import { type ProblemType, problemTypes } from '../problem';
import { type Json, ref } from './json-schema';

/** Problems that any operation may answer with. */
const refusals: readonly ProblemType[] = ['malformed-request', 'expectation-failed', 'internal'];
const loadingRefusals: readonly ProblemType[] = ['model-unavailable', 'draining', ...refusals];
const bodyRefusals: readonly ProblemType[] = [
  'malformed-body',
  'unknown-envelope',
  'invalid-input',
  'request-timeout',
  'body-too-large',
  'too-many-rows',
  'too-many-values',
  'reply-too-large',
  'unsupported-media-type',
  'overloaded',
  'deadline-exceeded',
  ...loadingRefusals,
];

/** An operation on the model and on each of its versions. `idEnd` keeps operation ids stable while versions change. */
export function ofEachVersion(
  model: string,
  versions: readonly string[],
  end: string,
  create: (idEnd: string) => Json,
): Json {
  const ofVersions = versions.map((version, i) => [
    `${versionPath(model, version)}${end}`,
    create(i === 0 ? 'OfVersion' : 'OfCandidate'),
  ]);
  return Object.fromEntries([[`${model}${end}`, create('')], ...ofVersions]);
}

export interface Get {
  /** Operation id, which names the method in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly schema: Json;
  readonly example?: unknown;
  readonly contentType?: string;
  /** Whether it answers 304 to a caller that has the document (`If-None-Match`). */
  readonly isConditional?: boolean;
  /** Whether the answer waits for the model to load. */
  readonly loads?: boolean;
  /** Other media types of the response. */
  readonly others?: Json;
  readonly problems?: readonly ProblemSchema[];
  /** Whether a parameter of the path may name what is not there. */
  readonly mayBeMissing?: boolean;
}

/** Name of a problem schema. On shared paths, the body's protocol decides how a problem is spelled. */
export type ProblemSchema = string;

export function get({ contentType = jsonType, loads = false, problems = ['Problem'], ...operation }: Get): Json {
  const { id, summary, tag, schema, example, others, isConditional = false, mayBeMissing = false } = operation;
  const own: readonly ProblemType[] = mayBeMissing ? ['not-found', 'draining'] : ['draining'];
  const content = { [contentType]: { schema, ...(example !== undefined && { example }) }, ...others };
  return {
    get: {
      operationId: id,
      summary,
      tags: [tag],
      responses: {
        200: { description: 'Success.', content },
        ...(isConditional && { 304: { description: 'The caller has this document.' } }),
        ...problemResponses(loads ? loadingRefusals : [...own, ...refusals], problems),
      },
    },
  };
}

export interface Example {
  readonly name: string;
  readonly request: unknown;
  readonly answer?: unknown;
}

export interface Post {
  /** Operation id, which names the method in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly request: Json;
  readonly answer: Json;
  readonly examples: readonly Example[];
  readonly problems: readonly ProblemSchema[];
  /** The status for input that does not match the signature. */
  readonly invalidStatus?: 400 | 422;
  readonly parameters?: readonly Json[];
  /** Other media types of the request and of the response. */
  readonly otherBodies?: Json;
  readonly otherAnswers?: Json;
  readonly answerHeaders?: Json;
  readonly isBodyOptional?: true;
}

const modelVersion: Json = {
  'Model-Version': { description: 'The model version that answered.', schema: { type: 'string' } },
  'Prediction-Id': {
    description: 'The id for feedback: sent back to callers that send one, and given to captured requests.',
    schema: { type: 'string' },
  },
};

export function post(operation: Post): Json {
  const { id, summary, tag, request, answer, examples, problems, invalidStatus = 422 } = operation;
  const { parameters, otherBodies, otherAnswers, answerHeaders, isBodyOptional } = operation;
  const named = (key: 'request' | 'answer') =>
    Object.fromEntries(examples.flatMap((e) => (e[key] === undefined ? [] : [[e.name, { value: e[key] }]])));
  return {
    post: {
      operationId: id,
      summary,
      tags: [tag],
      ...(parameters && { parameters }),
      requestBody: {
        required: isBodyOptional !== true,
        description:
          'May be compressed with gzip or deflate (`Content-Encoding`). Read as JSON if the content type is missing or `application/octet-stream`.',
        content: { [jsonType]: { schema: request, examples: named('request') }, ...otherBodies },
      },
      responses: {
        200: {
          description: 'Success; compressed if `Accept-Encoding` allows it.',
          headers: { ...modelVersion, ...answerHeaders },
          content: { [jsonType]: { schema: answer, examples: named('answer') }, ...otherAnswers },
        },
        ...problemResponses(bodyRefusals, problems, invalidStatus),
      },
    },
  };
}

/** The description of a status that one problem has. */
export function problemAnswer(type: ProblemType): Json {
  return { description: `${problemTypes[type].title} (\`${type}\`).` };
}

/** One response per status; several problems may share one. */
function problemResponses(types: readonly ProblemType[], schemas: readonly ProblemSchema[], invalidStatus = 422): Json {
  const byStatus = new Map<number, ProblemType[]>();
  for (const type of types) {
    const status = type === 'invalid-input' ? invalidStatus : problemTypes[type].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), type]);
  }
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, problemResponse(status, all, schemas)]));
}

function problemResponse(status: number, types: readonly ProblemType[], schemas: readonly ProblemSchema[]): Json {
  const [first, ...others] = schemas.map(ref);
  const schema = others.length === 0 ? first : { anyOf: [first, ...others] };
  const isRetryable = status === 429 || status === 503;
  return {
    description: types.map((type) => `${problemTypes[type].title} (\`${type}\`).`).join(' '),
    ...(isRetryable && { headers: { 'Retry-After': { schema: { type: 'string' }, description: 'Seconds to wait.' } } }),
    content: {
      'application/problem+json': { schema },
      // For clients that accept only `application/json`, and for KServe's SDK, which reads nothing else.
      ...(schemas.some((name) => plainJsonProblems.includes(name)) && { [jsonType]: { schema } }),
    },
  };
}

/** Spellings whose clients may read plain JSON only. */
const plainJsonProblems: readonly ProblemSchema[] = ['ErrorProblem', 'MlflowProblem'];
