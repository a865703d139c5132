/** CloudEvents: a request as the data of an event is answered with an event, in the mode it came in. */
import { describeEachHost } from '../hosts';
import { card, goodInstance, isCloseTo, modelPath, type Prediction, samples } from '../model-files';

const attributes = { specversion: '1.0', id: '42', source: '//pubsub.example/topic', type: 'com.example.measured' };
const data = { instances: [goodInstance] };
const binaryHeaders = {
  'content-type': 'application/json',
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
};
const structuredHeaders = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const base64 = Buffer.from(JSON.stringify(data)).toString('base64');
const push = { message: { data: base64, messageId: '1', attributes: {} }, subscription: 'projects/p/subscriptions/s' };

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
    ['no id', { ...attributes, id: undefined, data }, 422, '/id: expected a string, came nothing'],
    ['no data', attributes, 422, '/data: expected a request as a JSON object, came nothing'],
    ['data that is no JSON', { ...attributes, data: '{' }, 422, '/data: expected text that holds a JSON object'],
    ['data that is a list', { ...attributes, data: '[]' }, 422, '/data: expected a request'],
    ['data in base64 that is no text', { ...attributes, data_base64: 7 }, 422, '/data_base64: expected base64 text'],
    ['a request of no protocol', { ...attributes, data: { rows: [] } }, 400, 'its members are: "rows"'],
    ['wrong instances', { ...attributes, data: { instances: [['x']] } }, 422, '/instances/0'],
    ['a message that is none', { message: 7 }, 422, '/message: expected an object'],
    ['a message without data', { message: {} }, 422, '/message/data: expected base64 text, came nothing'],
  ])('with %s is refused with a problem', async (_what, event, status, says) => {
    const reply = await structured(event);
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect((reply.json as { readonly detail: string }).detail).toContain(says);
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
      'Expected ce-specversion 1.0, came "0.3".',
    ]);
  });
});
