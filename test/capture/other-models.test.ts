/** Captures as lines of the log, and of models that are more than rows of numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHookedModel } from '../hooked-model';
import { startHost } from '../hosts';
import { goodInstance, modelDirectory, modelPath, samples, toObjectForm } from '../model-files';
import { projectDirectory } from '../processes';
import { makeDirectory } from './captured';

test('a record is the member of a line, and feedback is one, too', async () => {
  const env = { CAPTURE: 'all', LOG_REQUESTS: 'none', LOG_FORMAT: 'json', MODEL_DIR: modelDirectory };
  const host = await startHost('server.ts', { env });
  const { headers } = await host.post('/predict', { instances: [goodInstance] });
  const id = headers['prediction-id'];
  const [{ prediction }] = samples as readonly [(typeof samples)[number]];
  const feedback = [{ id, label: prediction.label }];
  expect((await host.post(`${modelPath}:feedback`, { feedback })).json).toEqual({ accepted: 1 });
  expect(await host.stop()).toBe(0);
  const captured = host.stdout.map((line) => (JSON.parse(line) as { readonly capture?: object }).capture);
  expect(captured.filter((each) => each !== undefined)).toMatchObject([
    { id, instances: [toObjectForm(goodInstance)], predictions: [prediction] },
    { id, row: 0, feedback: { label: prediction.label } },
  ]);
});

test('of a model with hooks, the features that they made and the answer of the model are captured', async () => {
  const model = makeDirectory();
  writeHookedModel(model.directory);
  const own = makeDirectory();
  const host = await startHost('in process', {
    env: { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: model.directory },
  });
  expect((await host.post('/predict', { instances: [{ side: '3 cm' }, { side: '4. cm' }] })).status).toBe(200);
  await host.stop();
  const { features } = JSON.parse(readFileSync(join(model.directory, 'card.json'), 'utf8')) as {
    features: { name: string }[];
  };
  const name = features[0]?.name as string;
  expect(own.read()).toMatchObject([
    { instances: [{ [name]: 3 }, { [name]: 4 }], predictions: [{ value: 9 }, { value: 16 }] },
  ]);
  own.remove();
  model.remove();
});

test('a model of texts is refused at the start, since its tensors do not hold the texts', async () => {
  const env = { CAPTURE: 'all', MODEL_DIR: join(projectDirectory, 'test/fixtures/models/reviews') };
  await expect(startHost('in process', { env })).rejects.toThrow(/^CAPTURE expects features .*tokenized or filled up/);
});
