/** The published document is valid OpenAPI, describes every route, and its examples work. */
import { createRoutes } from '../../src/app/routes';
import { readConfig } from '../../src/config';
import { createServing } from '../../src/serving/create-serving';
import { createTelemetry } from '../../src/telemetry/telemetry';
import { describeEachHost } from '../hosts';
import { isCloseTo, modelDirectory, type Prediction } from '../model-files';
import { findBreach, openApi } from './answers';
import { validateOpenApi } from './validate';

interface Post {
  readonly requestBody: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>
    >;
  };
  readonly responses: Readonly<
    Record<
      '200',
      {
        readonly content: Readonly<
          Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>
        >;
      }
    >
  >;
}

interface Parameter {
  readonly name: string;
  readonly schema: { readonly enum: readonly string[] };
}

/** The paths that a path with a parameter stands for. */
function expand(path: string, parameters: readonly Parameter[] = []): readonly string[] {
  return parameters.reduce(
    (paths, { name, schema }) => paths.flatMap((each) => schema.enum.map((value) => each.replace(`{${name}}`, value))),
    [path],
  );
}

const operations = Object.entries(openApi.paths).flatMap(([template, { parameters, ...methods }]) =>
  expand(template, parameters as unknown as readonly Parameter[] | undefined).flatMap((path) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  ),
);
const examples = Object.entries(openApi.paths).flatMap(([path, { post }]) => {
  if (post === undefined) return [];
  const { requestBody, responses } = post as unknown as Post;
  return Object.entries(requestBody.content).flatMap(([type, { examples: named = {} }]) =>
    Object.entries(named).map(([name, { value }]) => ({
      path,
      type,
      name,
      value,
      answer: responses[200].content['application/json']?.examples?.[name]?.value,
    })),
  );
});

test('The document is valid OpenAPI 3.1', () => {
  expect(validateOpenApi(openApi)).toEqual({ valid: true, version: '3.1' });
});

test('The document describes every route with every method, and nothing else', () => {
  const config = readConfig({ MODEL_DIR: modelDirectory });
  const serving = createServing(config);
  const routes = createRoutes(serving, createTelemetry(config, serving), {});
  // OpenAPI 3.1 has no word for QUERY, which is a POST that may be repeated.
  const served = [...routes].flatMap(([path, route]) =>
    Object.keys(route).flatMap((method) => (['QUERY', 'OPTIONS'].includes(method) ? [] : `${method} ${path}`)),
  );
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
});

test('The document has examples to send', () => expect(examples.length).toBeGreaterThan(10));

describeEachHost('The document', (host) => {
  test('is what GET /openapi.json answers', async () => {
    const { json } = await host.request('GET', '/openapi.json');
    expect(json).toEqual(JSON.parse(JSON.stringify(openApi)));
  });

  test.each(operations.filter(({ method }) => method === 'GET'))('says what GET $path answers', async ({ path }) => {
    const reply = await host.request('GET', path);
    expect([reply.status, findBreach('GET', path, reply)]).toEqual([200, undefined]);
  });

  test.each(examples)('has an example $name that POST $path answers', async ({ path, type, value, answer }) => {
    const reply = await host.request('POST', path, { headers: { 'content-type': type }, body: JSON.stringify(value) });
    expect([reply.status, findBreach('POST', path, reply)]).toEqual([200, undefined]);
    if (answer === undefined) return;
    const [[key, wanted] = never()] = Object.entries(answer as Record<string, Prediction[]>);
    const { [key]: got = [] } = reply.json as Record<string, Prediction[]>;
    expect(got).toHaveLength(wanted.length);
    expect(wanted.every((prediction, i) => isCloseTo(got[i], prediction))).toBe(true);
  });
});

function never(): never {
  throw new Error('The example has no answer.');
}
