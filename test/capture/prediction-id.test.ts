/** The id of a prediction on its answer, while nothing is captured. */
import { describeEachHost } from '../hosts';
import { goodInstance, modelPath } from '../model-files';

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
  },
  {},
);
