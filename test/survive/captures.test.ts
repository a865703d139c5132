/** Captures under load: what was accepted is written once, and no private value is. `npm run bench -- soak --capture` is the long form. */
import { makeDirectory } from '../capture/captured';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { card, featureNames, goodInstance, modelPath } from '../model-files';

const loadMs = 3000;
const callers = 8;
const [label = ''] = card.labels;
const [, secret = ''] = featureNames;
/** In no log and no capture. */
const secretValue = 7531.25;

function hideSecret() {
  const model = copyModel();
  model.edit<{ features: { name: string }[] }>('card.json', (written) => ({
    ...written,
    features: written.features.map((each) => (each.name === secret ? { ...each, private: true } : each)),
  }));
  return model;
}

const row = goodInstance.map((value, at) => (at === 1 ? secretValue : value));

function ask(host: Pick<Host, 'request'>, id: string, rows: number) {
  return host.request('POST', '/predict', {
    headers: { 'content-type': 'application/json', 'prediction-id': id },
    body: JSON.stringify({ instances: Array.from({ length: rows }, () => row) }),
  });
}

test('under load every row that was answered is written once, and no private value is', async () => {
  const own = makeDirectory();
  const model = hideSecret();
  const env = {
    CAPTURE: 'all',
    CAPTURE_TO: own.directory,
    MODEL_DIR: model.directory,
    CAPTURE_MAX_BYTES: '100000000000',
  };
  const host = await startHost('server.ts', { env });
  const answered = new Map<string, number>();
  let told = 0;
  const until = performance.now() + loadMs;

  async function keepAsking(caller: number): Promise<void> {
    for (let i = 0; performance.now() < until; i++) {
      const id = `${caller}-${i}`;
      const rows = i % 50 === 0 ? 300 : 1 + (i % 4);
      expect((await ask(host, id, rows)).status).toBe(200);
      answered.set(id, rows);
      if (i % 20 !== 0) continue;
      expect((await host.post(`${modelPath}:feedback`, { feedback: [{ id, label }] })).status).toBe(200);
      told++;
    }
  }

  await Promise.all(Array.from({ length: callers }, (_, i) => keepAsking(i)));
  expect(await host.stop()).toBe(0);

  const written = new Map<string, number>();
  let feedbacks = 0;
  for (const record of own.read()) {
    if (record.feedback !== undefined) feedbacks++;
    else written.set(record.id, (written.get(record.id) ?? 0) + record.predictions.length);
  }
  expect(answered.size).toBeGreaterThan(100);
  expect(written).toEqual(answered);
  expect(feedbacks).toBe(told);
  const everything = own.readText() + host.stdout.join('\n');
  expect(everything).not.toContain(String(secretValue));
  own.remove();
  model.remove();
});
