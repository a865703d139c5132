/** Bad input gets a clear answer and costs nothing: the next good request is answered, on every host. */
import { wrongAddresses } from './bad-input/addresses';
import { type BadRequest, good } from './bad-input/bad-request';
import { unreadableBodies } from './bad-input/bodies';
import { unknownEnvelopes } from './bad-input/envelopes';
import { wrongInferences } from './bad-input/inference';
import { wrongInferenceBytes } from './bad-input/inference-bytes';
import { invalidInstances } from './bad-input/instances';
import type { Reply } from './client';
import { describeEachHost, differences, type Host } from './hosts';
import { goodInstance } from './model-files';
import { projectDirectory } from './processes';

interface ProblemDocument {
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly error?: string;
}

/** A stack, a path of the file system or the name of a dependency. */
const inside =
  /\n\s*at |\bnode:|node_modules|\/(src|dist|model)\/|\.(js|ts|onnx)\b|onnx ?runtime|\bajv\b|express|body-parser/i;

async function send(host: Host, { method = 'POST', path = '/', headers = {}, body }: BadRequest): Promise<Reply> {
  return host.request(method, path, body === undefined ? { headers } : { headers, body });
}

async function expectGoodAnswer(host: Host): Promise<void> {
  const { status, json } = await host.request('POST', '/', { body: good });
  expect({ status, json }).toMatchObject({ status: 200, json: { predictions: [{}] } });
}

function expectProblem(reply: Reply, { path = '/', status, type, says, pointers, answers = {} }: BadRequest): void {
  const { detail, errors, error } = reply.json as ProblemDocument;
  const hasErrorText = /^\/v[12]\b/.test(path);
  expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json', ...answers });
  expect(reply.json).toMatchObject({
    type: `urn:problem-type:onnx-predict:${type}`,
    status,
    title: expect.any(String),
  });
  expect(reply.status).toBe(status);
  for (const part of says) expect(detail).toContain(part);
  expect(detail.length).toBeLessThan(400);
  expect(errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  if (errors !== undefined) expect(detail).toContain(errors[0]?.detail);
  expect(error).toBe(hasErrorText ? detail : undefined);
}

function expectNothingFromInside({ text, headers }: Reply): void {
  expect(text).not.toMatch(inside);
  expect(text).not.toContain(projectDirectory);
  expect(headers).not.toHaveProperty('x-powered-by');
}

const groups = {
  unreadableBodies,
  unknownEnvelopes,
  invalidInstances,
  wrongAddresses,
  wrongInferences,
  wrongInferenceBytes,
};

describeEachHost('Bad input', (host) => {
  describe.each(Object.entries(groups))('%s', (_group, requests) => {
    test.each(requests)('$name is refused with $status $type', async (request) => {
      const reply = await send(host, request);
      const { differs } = request;
      if (differs !== undefined && host.differsIn(differs)) {
        const { status, contentType } = differences[differs];
        expect([reply.status, reply.headers['content-type']]).toEqual([status, contentType]);
      } else {
        expectProblem(reply, request);
      }
      expectNothingFromInside(reply);
      await expectGoodAnswer(host);
    });
  });

  test('HEAD of an unknown path is refused without a body', async () => {
    const reply = await host.request('HEAD', '/nothing');
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([404, 'application/problem+json', '']);
    expect(Number(reply.headers['content-length'])).toBeGreaterThan(0);
    await expectGoodAnswer(host);
  });

  test('bytes that are no HTTP are refused', async () => {
    const answer = await host.sendBytes('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('malformed-request');
    await expectGoodAnswer(host);
  });

  // All of them on one host: what is said of each is worked out by the same code everywhere.
  test('as many instances as a request may have are predicted', async () => {
    const length = host.kind === 'server.ts' ? 100_000 : 10_000;
    const reply = await host.post('/', { instances: Array.from({ length }, () => goodInstance) });
    expect(reply.status).toBe(200);
    expect((reply.json as { readonly predictions: readonly unknown[] }).predictions).toHaveLength(length);
    await expectGoodAnswer(host);
  });
});

describeEachHost(
  'With 100 rows a request',
  (host) => {
    test('101 instances are refused with 413 and what to do', async () => {
      const reply = await host.post('/', { instances: Array.from({ length: 101 }, () => goodInstance) });
      expectProblem(reply, { name: '', status: 413, type: 'too-many-rows', says: ['101', '100', 'several'] });
      await expectGoodAnswer(host);
    });
  },
  { env: { MAX_REQUEST_ROWS: '100' } },
);
