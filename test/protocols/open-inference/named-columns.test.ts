/** Tensors named by features, as MLServer's PandasCodec writes them; and Triton's list of models. */
import { describeEachHost } from '../../hosts';
import { card, featureNames, samples } from '../../model-files';

const few = samples.slice(0, 5);
const path = `/v2/models/${encodeURIComponent(card.name)}/infer`;

function column(name: string, i: number) {
  const data = few.map(({ instance }) => instance[i]);
  return { name, shape: [few.length, 1], datatype: 'FP64', data, parameters: { content_type: 'pd' } };
}

const columns = featureNames.map(column);

describeEachHost('Columns of a data frame', (host) => {
  const infer = (inputs: unknown) => host.post(path, { parameters: { content_type: 'pd' }, inputs });

  test('are inferred like the tensor that they fill', async () => {
    for (const inputs of [columns, columns.toReversed(), columns.map((each) => ({ ...each, shape: [few.length] }))]) {
      const { status, json } = await infer(inputs);
      const { outputs } = json as { readonly outputs: readonly { readonly name: string; readonly data: number[] }[] };
      const labels = outputs.find(({ name }) => name === 'label')?.data.map((label) => card.labels[label]);
      expect([status, labels]).toEqual([200, few.map(({ prediction }) => prediction.label)]);
    }
  });

  test('may be bytes after the JSON', async () => {
    const parts = columns.map(({ data }) => Buffer.from(Float64Array.from(data as number[]).buffer));
    const inputs = columns.map(({ data: _, ...rest }, i) => ({
      ...rest,
      parameters: { binary_data_size: parts[i]?.length },
    }));
    const head = Buffer.from(JSON.stringify({ inputs }));
    const headers = { 'inference-header-content-length': head.length };
    const { status } = await host.request('POST', path, { headers, body: Buffer.concat([head, ...parts]) });
    expect(status).toBe(200);
  });

  test('are refused with the place of what is wrong', async () => {
    const [first = column('', 0), ...others] = columns;
    for (const [inputs, pointer] of [
      [[{ ...first, data: first.data.map(() => 'x') }, ...others], '/inputs/0/data/0'],
      [[{ ...first, shape: [few.length, 2] }, ...others], '/inputs/0/shape'],
      [[{ ...first, datatype: 'TEXT' }, ...others], '/inputs/0/datatype'],
      [[first, first], '/inputs/1'],
      [[first, { ...column(featureNames[1] ?? '', 1), shape: [1], data: [1] }], `/inputs/${featureNames[1]}`],
      [others, '/inputs'],
    ] as const) {
      const { status, json } = await infer(inputs);
      const { errors = [] } = json as { readonly errors?: readonly { readonly pointer: string }[] };
      expect([status, errors[0]?.pointer]).toEqual([400, pointer]);
    }
  });
});

describeEachHost('The repository index', (host) => {
  test('lists the model, and whether it is loaded', async () => {
    await host.request('GET', '/v2/health/ready');
    const { name, version } = card;
    for (const body of ['', '{}', '{"ready":true}']) {
      const { status, json } = await host.request('POST', '/v2/repository/index', { body });
      expect([status, json]).toEqual([200, [{ name, version, state: 'READY' }]]);
    }
  });
});
