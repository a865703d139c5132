/** Feedback: checked against the card, and written beside the captures. */
import { type Host, startHost } from '../hosts';
import { card, goodInstance, modelDirectory, modelPath } from '../model-files';
import { createFindBreach, type OpenApi } from '../openapi/answers';
import { validateOpenApi } from '../openapi/validate';
import { makeDirectory } from './captured';

const own = makeDirectory();
afterAll(own.remove);
const path = `${modelPath}:feedback`;
const [label = ''] = card.labels;

let host: Host;
beforeAll(async () => {
  host = await startHost('in process', {
    env: { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: modelDirectory },
  });
});

const send = (feedback: unknown, to = path) => host.post(to, { feedback });

test('is refused with a pointer to each item that is wrong, and then nothing of it is written', async () => {
  const { status, json } = await send([
    { id: 'a', label },
    { id: 'with a space', label },
    { id: 'b', row: -1, label },
    { id: 'c', label: 'no label' },
    { id: 'd', label, note: 'x' },
    { id: 'e', value: 3 },
    7,
  ]);
  expect(status).toBe(422);
  const { errors } = json as { readonly errors: readonly { readonly pointer: string; readonly detail: string }[] };
  expect(errors.map(({ pointer }) => pointer)).toEqual([
    '/feedback/1/id',
    '/feedback/2/row',
    '/feedback/3/label',
    '/feedback/4',
    '/feedback/5/label',
    '/feedback/6',
  ]);
  for (const wrong of [[], {}, null, Array.from({ length: 10_001 }, () => ({ id: 'a', label }))])
    expect((await send(wrong)).status).toBe(422);
});

test('is accepted on its path, with any envelope, and as an event', async () => {
  const { headers } = await host.post('/predict', { instances: [goodInstance] });
  const id = headers['prediction-id'];
  const sent = await send([
    { id, label },
    { id: 'other', row: 4, label },
  ]);
  expect([sent.status, sent.json]).toEqual([200, { accepted: 2 }]);
  expect((await send([{ id: 'third', label }], '/predict')).json).toEqual({ accepted: 1 });
  const event = {
    specversion: '1.0',
    id: '9',
    source: 'test',
    type: 'ask',
    data: { feedback: [{ id: 'fourth', label }] },
  };
  expect((await host.post('/predict', event)).json).toMatchObject({ data: { accepted: 1 } });
});

test('is described where it is served, and nowhere else', async () => {
  const { json } = await host.request('GET', '/openapi.json');
  expect(validateOpenApi(json).valid).toBe(true);
  const findBreach = createFindBreach(json as OpenApi);
  for (const feedback of [[{ id: 'fifth', label }], [{}], []]) {
    const reply = await send(feedback);
    expect(findBreach('POST', path, reply)).toBeUndefined();
    expect(findBreach('POST', '/predict', await send(feedback, '/predict'))).toBeUndefined();
  }
  const plain = await startHost('in process');
  expect(await plain.request('GET', '/openapi.json').then(({ text }) => text)).not.toContain('sendFeedback');
  await plain.stop();
});

test('stands in the files beside the captures, by id and row', async () => {
  await host.stop();
  const records = own.read();
  const told = records.filter(({ feedback }) => feedback !== undefined);
  expect(told).toMatchObject([
    { id: records[0]?.id, row: 0, feedback: { label }, model: card.name },
    { id: 'other', row: 4 },
    { id: 'third', row: 0 },
    { id: 'fourth', row: 0 },
    { id: 'fifth', row: 0 },
    { id: 'fifth', row: 0 },
  ]);
});
