/** The id of a prediction on its answer, while nothing is captured. */
import { createClient } from '../client';
import { describeEachHost } from '../hosts';
import { goodInstance, modelPath } from '../model-files';
import { spawnHost, waitUntilListening } from '../processes';
import { makeDirectory } from './captured';

const instances = [goodInstance];

describeEachHost(
  'Prediction-Id',
  (host) => {
    test('comes back when it is sent, and only then while nothing is captured', async () => {
      const headers = { 'content-type': 'application/json', 'prediction-id': 'order-7/a' };
      const sent = await host.request('POST', `${modelPath}:predict`, { headers, body: JSON.stringify({ instances }) });
      expect(sent.headers['prediction-id']).toBe('order-7/a');
      const plain = await host.post(`${modelPath}:predict`, { instances });
      expect(Object.keys(plain.headers)).not.toContain('prediction-id');
      const body = JSON.stringify({ instances: [] });
      const refused = await host.request('POST', '/predict', { headers, body });
      expect([refused.status, refused.headers['prediction-id']]).toEqual([422, undefined]);
    });

    test('is that of the head where an event or a message has an id, too', async () => {
      const event = { specversion: '1.0', id: 'event-1', source: 'test', type: 'ask', data: { instances } };
      const message = { data: btoa(JSON.stringify({ instances })), messageId: '77' };
      for (const [body, own] of [
        [event, 'event-1'],
        [{ message }, '77'],
      ] as const) {
        const named = { 'content-type': 'application/json', 'prediction-id': 'order-7' };
        const sent = await host.request('POST', '/predict', { headers: named, body: JSON.stringify(body) });
        expect(sent.headers['prediction-id']).toBe('order-7');
        expect((await host.post('/predict', body)).headers['prediction-id']).toBe(own);
      }
    });

    test.each([
      ['100%25', '100%'],
      ['with%20space', undefined],
      ['100%', undefined],
    ])('is decoded where the head of an event has it: %s', async (sent, id) => {
      const attributes = { 'ce-specversion': '1.0', 'ce-id': sent, 'ce-source': 'test', 'ce-type': 'ask' };
      const headers = { 'content-type': 'application/json', ...attributes };
      const answer = await host.request('POST', '/predict', { headers, body: JSON.stringify({ instances }) });
      expect([answer.status, answer.headers['prediction-id']]).toEqual([200, id]);
    });
  },
  {},
);

test('stands in the log line of what may predict, and in no other', async () => {
  const own = makeDirectory();
  const host = await spawnHost('server', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory, LOG_FORMAT: 'json' } });
  await waitUntilListening(host);
  const client = createClient(host.port, undefined);
  const { headers } = await client.post('/predict', { instances });
  await client.request('GET', '/model-card.json');
  const predicted = JSON.parse(await host.line(/POST .predict/));
  expect([headers['prediction-id'], predicted.predictionId]).toEqual([expect.any(String), headers['prediction-id']]);
  expect(JSON.parse(await host.line(/GET .model-card/))).not.toHaveProperty('predictionId');
  host.kill('SIGTERM');
  expect(await host.exitCode).toBe(0);
  own.remove();
});
