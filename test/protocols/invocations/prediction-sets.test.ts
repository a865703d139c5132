/** `params` of MLflow's clients may ask for a coverage. */
import { describeEachHost } from '../../hosts';
import { card, samples } from '../../model-files';
import { predictWith } from '../../served-coverage';

const coverage = 0.97;

describeEachHost('/invocations with a coverage', (host) => {
  const rows = samples.slice(0, 20).map(({ instance }) => instance);
  const columns = Object.fromEntries(card.features.map(({ name }, i) => [name, rows.map((row) => row[i])]));
  const tables = {
    dataframe_split: { columns: Object.keys(columns), data: rows },
    dataframe_records: rows,
    instances: rows,
    inputs: columns,
  };

  test.each(Object.entries(tables))('answers %s with the sets, and what they are worth', async (key, table) => {
    const expected = (await predictWith(host, rows, coverage)).predictions;
    const { status, json } = await host.post('/invocations', { [key]: table, params: { coverage, other: 1 } });
    expect([status, json]).toEqual([200, { predictions: expected, coverage: { requested: coverage, rows: 120 } }]);
    const plain = await host.post('/invocations', { [key]: table, params: { coverage: null } });
    expect(Object.keys(plain.json as object)).toEqual(['predictions']);
  });

  test.each(Object.entries(tables))('refuses %s with a coverage that is none, and points at it', async (key, table) => {
    const { status, json } = await host.post('/invocations', { [key]: table, params: { coverage: 1.5 } });
    expect([status, json]).toMatchObject([400, { errors: [{ pointer: '/params/coverage' }] }]);
  });

  test('has data frames with sets on the paths of all protocols, too', async () => {
    const { json } = await host.post('/predict', { dataframe_records: rows, params: { coverage } });
    expect(json).toMatchObject({ coverage: { requested: coverage } });
  });
});
