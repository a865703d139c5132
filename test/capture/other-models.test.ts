/** Captures as lines of the log, and of models that are more than rows of numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLoop } from '../commands/loop/loop-command';
import { writeHookedModel } from '../hooked-model';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
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

describe('a model of texts', () => {
  const directory = join(projectDirectory, 'test/fixtures/models/reviews');
  const texts = ['The soup was great.', 'Lovely, this café - and "schön" \u2028'];

  async function capture(model: string, use: (host: Host) => Promise<unknown>) {
    const own = makeDirectory();
    const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: model };
    const host = await startHost('in process', { env });
    await use(host);
    await host.stop();
    return own;
  }

  test('is captured with its texts, however many, and a replay asks them again', async () => {
    const many = Array.from({ length: 300 }, (_, i) => [`${texts[i % 2]} ${i}`]);
    const own = await capture(directory, async (host) => {
      await host.post('/predict', { instances: texts.map((text) => ({ text })) });
      expect((await host.post('/predict', { instances: many })).status).toBe(200);
    });
    const instances = own.read().flatMap((record) => record.instances);
    expect(instances).toEqual([...texts, ...many.flat()].map((text) => ({ text })));
    const { stdout } = runLoop('replay', own.directory, '--model', directory);
    expect(stdout).toContain('302 captured rows asked of reviews');
    expect(stdout).toContain('same: 302, another label: 0');
    own.remove();
  });

  test('is captured with the ids that callers with tensors send', async () => {
    const { inputs, name } = JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as {
      inputs: { name: string; datatype: string }[];
      name: string;
    };
    const ids = [101, 7, 9, 102];
    const own = await capture(directory, async (host) => {
      const tensors = inputs.map((input) => ({
        ...{ name: input.name, datatype: input.datatype, shape: [1, ids.length] },
        data: input.name === 'input_ids' ? ids : ids.map(() => (input.name === 'attention_mask' ? 1 : 0)),
      }));
      expect((await host.post(`/v2/models/${name}/infer`, { inputs: tensors })).status).toBe(200);
    });
    expect(own.read().map((record) => record.instances)).toEqual([[{ text: ids }]]);
    own.remove();
  });

  test('shows nothing of a private text', async () => {
    const model = copyModel(directory);
    model.edit<{ features: object[] }>('card.json', (card) => ({
      ...card,
      features: card.features.map((feature) => ({ ...feature, private: true })),
    }));
    const own = await capture(model.directory, (host) =>
      host.post('/predict', { instances: [['The soup was great.']] }),
    );
    expect(own.read()).toMatchObject([{ instances: [{}] }]);
    expect(own.readText()).not.toContain('soup');
    own.remove();
    model.remove();
  });
});
