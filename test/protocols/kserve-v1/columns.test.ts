/** Columns: TensorFlow Serving's `inputs` as an object, its metadata, and Hugging Face's tables. */
import { describeEachHost } from '../../hosts';
import { card, featureNames, goodInstance, modelPath, samples } from '../../model-files';

const few = samples.slice(0, 5);
const rows = few.map(({ instance }) => instance);
const columns = Object.fromEntries(featureNames.map((name, i) => [name, rows.map((row) => row[i])]));
const tensor = card.inputs[0]?.name ?? '';
const paths = ['/predict', `${modelPath}:predict`];

describeEachHost('Columns', (host) => {
  test.each(paths)('by feature or by tensor are answered as columns under %s', async (path) => {
    for (const inputs of [columns, { [tensor]: rows }]) {
      const { status, json } = await host.post(path, { inputs, signature_name: 'serving_default' });
      const { outputs } = json as {
        readonly outputs: { readonly label: number[]; readonly probabilities: number[][] };
      };
      expect([status, outputs.label.map((label) => card.labels[label])]).toEqual([
        200,
        few.map(({ prediction }) => prediction.label),
      ]);
      expect(outputs.probabilities[0]).toHaveLength(card.labels.length);
    }
  });

  test.each(paths)('in a table are answered with a list of labels under %s', async (path) => {
    const { status, json } = await host.post(path, { inputs: { data: columns } });
    expect([status, json]).toEqual([200, few.map(({ prediction }) => prediction.label)]);
  });

  test('are refused with the place of what is wrong', async () => {
    const [first = ''] = featureNames;
    const wrong = { ...columns, [first]: rows.map((_, i) => (i === 3 ? 'x' : 1)) };
    for (const [inputs, pointer] of [
      [wrong, `/inputs/${first}/3`],
      [{ data: wrong }, `/inputs/data/${first}/3`],
      [{ ...columns, [first]: [1] }, `/inputs/${featureNames[1]}`],
      [{ [tensor]: [[1]] }, `/inputs/${tensor}/0`],
      [{ [tensor]: 5 }, `/inputs/${tensor}`],
      [{}, '/inputs'],
      [{ data: {} }, '/inputs/data'],
      [{ [first]: [] }, '/inputs'],
    ] as const) {
      const { status, json } = await host.post('/predict', { inputs });
      const { errors = [] } = json as { readonly errors?: readonly { readonly pointer: string }[] };
      expect([status, errors[0]?.pointer]).toEqual([422, pointer]);
    }
  });

  test('are what the metadata names', async () => {
    const { status, json } = await host.request('GET', `${modelPath}/metadata`);
    expect([status, json]).toMatchObject([
      200,
      {
        model_spec: { name: card.name, version: card.version },
        metadata: {
          signature_def: {
            signature_def: {
              serving_default: {
                inputs: {
                  [tensor]: {
                    dtype: 'DT_FLOAT',
                    tensor_shape: { dim: [{ size: '-1' }, { size: String(goodInstance.length) }] },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });
});

describeEachHost(
  'With other settings columns',
  (host) => {
    test('have the limit of rows that others have', async () => {
      expect((await host.post('/predict', { inputs: columns })).status).toBe(413);
    });
  },
  { env: { MAX_REQUEST_ROWS: '4' } },
);
