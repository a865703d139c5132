/** Lists of CloudEvents, and the consent that senders of web hooks ask for. */
import { describeEachHost } from '../../hosts';
import { goodInstance, modelPath } from '../../model-files';

const type = 'application/cloudevents-batch+json';
const event = { specversion: '1.0', source: '/test', type: 'test', data: { instances: [goodInstance] } };

describeEachHost('A batch of CloudEvents', (host) => {
  const send = (body: unknown, path = '/') =>
    host.request('POST', path, { headers: { 'content-type': type }, body: JSON.stringify(body) });

  test.each(['/', '/predict', `${modelPath}:predict`, '/invocations'])(
    'is answered with a batch in the same order, POST %s',
    async (path) => {
      const { json: single } = await host.post(path, event.data);
      const { status, headers, json } = await send(
        [
          { ...event, id: '1' },
          { ...event, id: '2' },
        ],
        path,
      );
      expect([status, headers['content-type'], json]).toMatchObject([200, type, [{ data: single }, { data: single }]]);
    },
  );

  test('may be empty', async () => {
    expect(await send([])).toMatchObject({ status: 200, json: [] });
  });

  test('is refused whole, with the place of the event that is wrong', async () => {
    const faulty = { ...event, id: '2', data: { instances: [goodInstance, 7] } };
    expect(await send([{ ...event, id: '1' }, faulty])).toMatchObject({
      status: 422,
      json: { errors: [{ pointer: '/1/data/instances/1' }] },
    });
    for (const body of [{}, [5], [{}], [[]]]) expect((await send(body)).status).toBe(400);
  });
});

describeEachHost(
  'A batch of more events than a request may have rows',
  (host) => {
    test('is refused before any of them is read', async () => {
      const body = JSON.stringify(Array.from({ length: 4 }, () => 0));
      const { status, json } = await host.request('POST', '/', { headers: { 'content-type': type }, body });
      expect([status, json]).toMatchObject([413, { detail: expect.stringMatching(/at most 3 .*got 4/) }]);
    });
  },
  { env: { MAX_REQUEST_ROWS: '3' } },
);

describeEachHost(
  'A sender of web hooks',
  (host) => {
    test.each([
      ['events.example.com', 'events.example.com'],
      ['other.example.com', undefined],
    ])('%s gets the consent %s', async (sender, consent) => {
      const { status, headers } = await host.request('OPTIONS', '/', { headers: { 'webhook-request-origin': sender } });
      expect([status, headers['webhook-allowed-origin']]).toEqual([204, consent]);
      expect([headers['webhook-allowed-rate'], headers.allow]).toEqual([
        consent && '*',
        expect.stringContaining('POST'),
      ]);
    });
  },
  { env: { WEBHOOK_SENDERS: 'Events.example.com' } },
);

describeEachHost('Without a list', (host) => {
  test('no sender gets consent', async () => {
    const { headers } = await host.request('OPTIONS', '/', { headers: { 'webhook-request-origin': 'a.example' } });
    expect(headers['webhook-allowed-origin']).toBeUndefined();
  });
});
