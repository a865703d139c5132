/** CloudEvents: a request as the data of an event is answered with an event, in the mode it came in. */
import { describeEachHost } from '../../hosts';
import { card, goodInstance, isCloseTo, modelPath, type Prediction, samples } from '../../model-files';

const attributes = { specversion: '1.0', id: '42', source: '//pubsub.example/topic', type: 'com.example.measured' };
const data = { instances: [goodInstance] };
const binaryAttributes = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
const binaryHeaders = { 'content-type': 'application/json', ...binaryAttributes };
const structuredHeaders = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const wrong = { instances: [goodInstance, 7] };
const base64 = toBase64(data);
const push = { message: { data: base64, messageId: '1', attributes: {} }, subscription: 'projects/p/subscriptions/s' };

function toBase64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

function expectPrediction(answer: unknown): void {
  const { predictions } = answer as { readonly predictions: readonly Prediction[] };
  expect(predictions).toHaveLength(1);
  expect(isCloseTo(predictions[0], samples[0]?.prediction as Prediction)).toBe(true);
}

describeEachHost('A CloudEvent', (host) => {
  const structured = (event: object, path = '/') =>
    host.request('POST', path, { headers: structuredHeaders, body: JSON.stringify(event) });

  test.each(['/', '/predict', `${modelPath}:predict`])(
    'in binary mode is answered in binary mode, POST %s',
    async (path) => {
      const { status, headers, json } = await host.request('POST', path, {
        headers: binaryHeaders,
        body: JSON.stringify(data),
      });
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
      expect(headers).toMatchObject({
        'ce-specversion': '1.0',
        'ce-type': 'io.kserve.inference.response',
        'ce-source': `io.kserve.inference.${encodeURIComponent(card.name)}`,
        'ce-id': expect.stringMatching(/^[\da-f-]{36}$/),
      });
      expect(Date.parse(String(headers['ce-time']))).toBeGreaterThan(0);
      expectPrediction(json);
    },
  );

  test.each([
    ['an object', { data }],
    ['text', { data: JSON.stringify(data) }],
    ['base64', { data_base64: base64 }],
    ['a Pub/Sub message', { data: push }],
  ])('in structured mode with data that is %s is answered in structured mode', async (_form, members) => {
    for (const path of ['/', '/predict', `${modelPath}:predict`]) {
      const { status, headers, json } = await structured({ ...attributes, ...members }, path);
      expect([status, headers['content-type']]).toEqual([200, 'application/cloudevents+json']);
      const { data: answer, id, ...rest } = json as { readonly data: unknown; readonly id: string };
      expect(rest).toMatchObject({
        specversion: '1.0',
        type: 'io.kserve.inference.response',
        datacontenttype: 'application/json',
      });
      expect(id).not.toBe(attributes.id);
      expectPrediction(answer);
    }
  });

  test('of many rows is answered whole', async () => {
    const instances = Array.from({ length: 10_000 }, (_, i) => samples[i % samples.length]?.instance);
    const { json } = await structured({ ...attributes, data: { instances } });
    expect((json as { readonly data: { readonly predictions: unknown[] } }).data.predictions).toHaveLength(10_000);
  });

  test('that Pub/Sub pushes in an event is answered', async () => {
    const { status, json } = await host.request('POST', '/', { headers: binaryHeaders, body: JSON.stringify(push) });
    expect(status).toBe(200);
    expectPrediction(json);
  });

  test('is not needed to push a Pub/Sub message', async () => {
    const { status, json } = await host.post('/', push);
    expect(status).toBe(200);
    expectPrediction(json);
  });

  test.each<[string, object, number, string]>([
    ['another version', { ...attributes, specversion: '0.3', data }, 422, '/specversion: expected "1.0"'],
    ['no id', { ...attributes, id: undefined, data }, 422, '/id: expected a string, got nothing'],
    ['no data', attributes, 422, '/data: expected a request as a JSON object, got nothing'],
    ['data that is no JSON', { ...attributes, data: '{' }, 400, '/data: Expected JSON'],
    ['data that is a list', { ...attributes, data: '[]' }, 400, '/data: Expected a JSON object'],
    ['data that is null', { ...attributes, data: null }, 400, '/data: Expected a JSON object'],
    ['data in base64 that is no text', { ...attributes, data_base64: 7 }, 422, '/data_base64: expected base64 text'],
    ['data that is no base64', { ...attributes, data_base64: '%%' }, 400, '/data_base64: Expected a JSON object'],
    ['data that is no UTF-8', { ...attributes, data_base64: '/w==' }, 400, '/data_base64: Expected UTF-8 text'],
    ['data twice', { ...attributes, data, data_base64: base64 }, 422, '/data_base64: expected nothing next to data'],
    ['a request of no protocol', { ...attributes, data: { rows: [] } }, 400, '/data: Expected a JSON object'],
    ['two requests', { ...attributes, data: { ...data, inputs: [] } }, 400, 'got "instances" and "inputs"'],
    ['an event as data', { ...attributes, data: { ...attributes, data } }, 400, '/data: Expected a JSON object'],
    ['a list of events', [{ ...attributes, data }], 400, 'got an array of 1'],
    ['no version', { ...attributes, specversion: undefined, data }, 400, 'with the member "specversion"'],
  ])('with %s is refused with a problem', async (_what, event, status, says) => {
    const reply = await structured(event);
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect((reply.json as { readonly detail: string }).detail).toContain(says);
    expect((await host.post('/', data)).status).toBe(200);
  });

  test.each<[string, object, number, string]>([
    ['is none', { message: 7 }, 422, '/message: expected an object'],
    ['has no data', { message: {} }, 422, '/message/data: expected base64 text, got nothing'],
    ['has data of no JSON', { message: { data: '%%' } }, 400, '/message/data: Expected a JSON object'],
  ])('a Pub/Sub message that %s is refused with a problem', async (_what, body, status, says) => {
    const reply = await host.post('/', body);
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect((reply.json as { readonly detail: string }).detail).toContain(says);
  });

  test.each<[string, object, string, string]>([
    ['an object', { data: wrong }, '/data/instances/1', 'expected an array'],
    ['text', { data: JSON.stringify(wrong) }, '/data', '/instances/1: expected an array'],
    ['base64', { data_base64: toBase64(wrong) }, '/data_base64', '/instances/1: expected an array'],
    ['a Pub/Sub message', { data: { message: { data: toBase64(wrong) } } }, '/data/message/data', '/instances/1: '],
  ])(
    'with wrong instances in data that is %s says where they are in the body',
    async (_form, members, pointer, says) => {
      const { status, json } = await structured({ ...attributes, ...members });
      expect({ status, json }).toMatchObject({
        status: 422,
        json: {
          detail: expect.stringContaining(`${pointer}: `),
          errors: [{ pointer, detail: expect.stringContaining(says) }],
        },
      });
    },
  );

  test('is an event for its content type, whatever its other attributes are called', async () => {
    const { status, headers, json } = await structured({ ...attributes, inputs: 'greenhouse', calls: '3', data });
    expect([status, headers['content-type']]).toEqual([200, 'application/cloudevents+json']);
    expectPrediction((json as { readonly data: unknown }).data);
  });

  test('whose content type is in capitals is answered', async () => {
    const reply = await host.request('POST', '/', {
      headers: { 'content-type': 'Application/CloudEvents+JSON', ...binaryAttributes },
      body: JSON.stringify({ ...attributes, data }),
    });
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/cloudevents+json']);
    expect(reply.headers).not.toHaveProperty('ce-id');
  });

  test('with a long text as data is answered, and refused when it breaks off', async () => {
    const instances = Array.from({ length: 20_000 }, (_, i) => samples[i % samples.length]?.instance);
    const text = JSON.stringify({ instances });
    const whole = await host.post('/', { message: { data: Buffer.from(text).toString('base64') } });
    expect((whole.json as { readonly predictions: unknown[] }).predictions).toHaveLength(instances.length);
    const broken = await structured({ ...attributes, data: text.slice(0, -1) });
    expect([broken.status, broken.json]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('/data: Expected JSON') }),
    ]);
  });

  test.each(['ce-id', 'ce-source', 'ce-type'])('in binary mode needs the header field %s', async (name) => {
    const { [name]: _left, ...headers } = binaryHeaders as Record<string, string>;
    const reply = await host.request('POST', '/', { headers, body: JSON.stringify(data) });
    expect(reply.status).toBe(400);
    expect((reply.json as { readonly detail: string }).detail).toContain(name);
  });

  test('in binary mode of another version is refused', async () => {
    const headers = { ...binaryHeaders, 'ce-specversion': '0.3' };
    const reply = await host.request('POST', '/', { headers, body: JSON.stringify(data) });
    expect([reply.status, (reply.json as { readonly detail: string }).detail]).toEqual([
      400,
      'Expected ce-specversion 1.0, got "0.3".',
    ]);
  });
});
