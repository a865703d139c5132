/** Parameters that are called almost like one of ours are refused; foreign ones are left alone, as clients send their own. */
import { describeEachHost } from '../hosts';
import { card, modelPath, samples, toObjectForm } from '../model-files';
import { path as inferencePath, tensor } from './open-inference/inference';

const rows = samples.map(({ instance }) => instance);

const toolCall = (args: object) => ({
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name: 'predict', arguments: args },
});

describeEachHost('A parameter', (host) => {
  test('whose name is a letter away from the coverage is refused in each protocol, and a foreign one is not', async () => {
    const ask = async (name: string) => {
      const parameters = { [name]: 0.9 };
      const bodies: readonly (readonly [path: string, body: object])[] = [
        ['/predict', { instances: rows, parameters }],
        [`${modelPath}:predict`, { inputs: { [card.inputs[0]?.name ?? '']: rows }, parameters }],
        ['/invocations', { instances: rows, params: parameters }],
        [`${inferencePath}/infer`, { inputs: [tensor(rows.flat())], parameters }],
        ['/bigquery', { calls: rows, userDefinedContext: { [name]: '0.9' } }],
        ['/mcp', toolCall({ instances: rows.map(toObjectForm), ...parameters })],
      ];
      const table = host.request('POST', '/predict', {
        headers: { 'content-type': 'text/csv', accept: `text/csv;${name}=0.9` },
        body: rows.map((row) => row.join()).join('\n'),
      });
      return Promise.all([...bodies.map(([path, body]) => host.post(path, body)), table]);
    };
    for (const name of ['covrage', 'coverages', 'covergae', 'Coverage'])
      for (const { text } of await ask(name)) {
        expect(text).toContain(
          JSON.stringify(`there is no parameter "${name}" (did you mean "coverage"?)`).slice(1, -1),
        );
        expect(text).not.toContain('label_set');
      }
    for (const { status, text } of await ask('average')) {
      expect(status).toBe(200);
      expect(text).not.toContain('there is no parameter');
    }
  });

  test('for the coverage is refused where it does nothing, with its place', async () => {
    const coverage = 0.9;
    const columns = { [card.inputs[0]?.name ?? '']: rows };
    for (const [path, body, pointer, home] of [
      ['/predict', { instances: rows, coverage }, '/coverage', 'parameters'],
      ['/predict', { instances: rows, params: { coverage } }, '/params/coverage', 'parameters'],
      [`${modelPath}:predict`, { inputs: columns, coverage }, '/coverage', 'parameters'],
      [`${inferencePath}/infer`, { inputs: [tensor(rows.flat())], coverage }, '/coverage', 'parameters'],
      ['/invocations', { instances: rows, coverage }, '/coverage', 'params'],
      ['/invocations', { inputs: rows, parameters: { coverage } }, '/parameters/coverage', 'params'],
      ['/invocations', { dataframe_records: rows.map(toObjectForm), coverage }, '/coverage', 'params'],
      ['/invocations', { dataframe_split: { data: rows }, coverage }, '/coverage', 'params'],
    ] as const) {
      const { json } = await host.post(path, body);
      const detail = `expected none here: the coverage goes into "${home}", as in {"${home}":{"coverage":0.9}}`;
      expect([path, json]).toMatchObject([path, { errors: [{ pointer, detail }] }]);
    }
    const foreign = { instances: rows, coverage: null, params: { temperature: 1, coverage: null } };
    expect((await host.post('/predict', foreign)).status).toBe(200);
  });

  test('of an explanation is refused where it has no effect', async () => {
    const explain = async (parameters: object) => {
      const { status, json } = await host.post(`${modelPath}:explain`, { instances: rows.slice(0, 1), parameters });
      return [status, (json as { readonly errors?: readonly { readonly pointer: string }[] }).errors?.[0]?.pointer];
    };
    expect(await explain({ coverage: 0.9 })).toEqual([422, '/parameters/coverage']);
    expect(await explain({ permutation: 4 })).toEqual([422, '/parameters/permutation']);
    expect(await explain({ seed: 4, coverage: null, temperature: 1 })).toEqual([200, undefined]);
  });

  test.each(['flags', 'Flag', 'explor', 'expolre'])('called "%s" is refused beside a good one', async (name) => {
    const reply = await host.post('/predict', { instances: rows, parameters: { coverage: 0.9, [name]: true } });
    expect([reply.status, reply.json]).toMatchObject([422, { errors: [{ pointer: `/parameters/${name}` }] }]);
  });
});
