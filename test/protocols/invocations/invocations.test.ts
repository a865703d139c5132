/** `POST /invocations`: every form of a table in JSON and in text, the answer's type, and what is refused. */
import { describeEachHost } from '../../hosts';
import { card, featureNames, goodInstance, isCloseTo, type Prediction, samples, toObjectForm } from '../../model-files';

const rows = samples.slice(0, 5).map(({ instance }) => instance);
const wanted = samples.slice(0, 5).map(({ prediction }) => prediction);
const columns = Object.fromEntries(featureNames.map((name, i) => [name, rows.map((row) => row[i])]));
const reversed = featureNames.toReversed();
const tensor = card.inputs[0]?.name ?? '';
const json = 'application/json';
const csv = rows.map((row) => row.join(',')).join('\n');
const quoted = rows.map((row) => row.map((value) => `"${value}"`).join(',')).join('\r\n');
const lines = 'application/jsonlines';

const tables: readonly (readonly [name: string, type: string, body: string])[] = [
  ['a split frame', json, JSON.stringify({ dataframe_split: { columns: featureNames, index: [0], data: rows } })],
  ['a split frame without columns', json, JSON.stringify({ dataframe_split: { data: rows } })],
  [
    'a split frame in another order',
    json,
    JSON.stringify({ dataframe_split: { columns: reversed, data: rows.map((row) => row.toReversed()) } }),
  ],
  ['records', json, JSON.stringify({ dataframe_records: rows.map(toObjectForm) })],
  ['instances', `${json}; charset=utf-8`, JSON.stringify({ instances: rows, params: {} })],
  ['inputs', json, JSON.stringify({ inputs: rows.map(toObjectForm) })],
  ['inputs as columns', json, JSON.stringify({ inputs: columns })],
  ['instances as columns', json, JSON.stringify({ instances: columns })],
  ['inputs as a tensor', json, JSON.stringify({ inputs: { [tensor]: rows } })],
  ['CSV', 'text/csv', csv],
  ['CSV that ends with a line break', 'text/csv; charset=utf-8', `${csv}\n\n`],
  ['CSV with a header', 'text/csv', `${featureNames.join(',')}\n${csv}`],
  ['CSV with a header that is announced', 'text/csv; header=present', `${featureNames.join(',')}\r\n${quoted}\r\n`],
  ['CSV without a header as is announced', 'text/csv; header=absent', csv],
  ['rows on lines', lines, rows.map((row) => JSON.stringify(row)).join('\n')],
  ['objects on lines', 'application/x-ndjson', rows.map((row) => `${JSON.stringify(toObjectForm(row))}\r\n`).join('')],
  ['features on lines', lines, rows.map((features) => JSON.stringify({ features })).join('\n')],
];

const wrong: readonly (readonly [name: string, type: string, body: string, pointer: string | undefined])[] = [
  [
    'an unknown column',
    json,
    JSON.stringify({ dataframe_split: { columns: ['x'], data: [[1]] } }),
    '/dataframe_split/columns/0',
  ],
  [
    'a short row',
    json,
    JSON.stringify({ dataframe_split: { columns: featureNames, data: [[1]] } }),
    '/dataframe_split/data/0',
  ],
  [
    'a text in a split frame',
    json,
    JSON.stringify({ dataframe_split: { columns: reversed, data: [reversed.map((_, i) => (i === 1 ? 'x' : 1))] } }),
    '/dataframe_split/data/0/1',
  ],
  ['no frame', json, JSON.stringify({ dataframe_split: 5 }), '/dataframe_split'],
  [
    'columns of several lengths',
    json,
    JSON.stringify({ inputs: { ...columns, [reversed[0] ?? '']: [1] } }),
    `/inputs/${reversed[0]}`,
  ],
  ['a column that is none', json, JSON.stringify({ inputs: { other: [1] } }), '/inputs'],
  ['no columns', json, JSON.stringify({ inputs: {} }), '/inputs'],
  [
    'a text in a column',
    json,
    JSON.stringify({ inputs: { ...columns, [reversed[0] ?? '']: rows.map((_, i) => (i === 2 ? 'x' : 1)) } }),
    `/inputs/${reversed[0]}/2`,
  ],
  ['a narrow tensor', json, JSON.stringify({ inputs: { [tensor]: [[1]] } }), `/inputs/${tensor}/0`],
  ['a text in CSV', 'text/csv', `${csv}\n${goodInstance.map(() => 'x').join(',')}`, '/5/0'],
  ['too many cells', 'text/csv', `${csv},9`, '/4'],
  ['an unknown name in a header', 'text/csv', `${featureNames[0]},other\n1,2`, ''],
  ['a quote that stays open', 'text/csv', '"1', undefined],
  ['text after a quote', 'text/csv', '"1"2,3', undefined],
  ['no text', 'text/csv', '', ''],
  ['no lines', lines, '', ''],
  ['empty lines', lines, '\n\n', ''],
  ['a broken line', lines, '[1,\n2]', undefined],
  ['no object', json, '[]', undefined],
  ['another key', json, '{"other":[]}', undefined],
];

describeEachHost('/invocations', (host) => {
  const send = (type: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    host.request('POST', '/invocations', { headers: { 'content-type': type, ...headers }, body });

  function expectPredictions(predictions: readonly Prediction[]) {
    expect(predictions).toHaveLength(wanted.length);
    expect(wanted.filter((prediction, i) => !isCloseTo(predictions[i], prediction))).toEqual([]);
  }

  test.each(tables)('takes %s', async (_, type, body) => {
    const { status, json: answer } = await send(type, body, { accept: json });
    expect(status).toBe(200);
    expectPredictions((answer as { readonly predictions: readonly Prediction[] }).predictions);
  });

  test.each(tables)('answers %s as CSV or on lines', async (_, type, body) => {
    const asCsv = await send(type, body, { accept: 'text/csv' });
    expect([asCsv.status, asCsv.headers['content-type']]).toEqual([200, 'text/csv']);
    const cells = asCsv.text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expectPredictions(
      cells.map(([label = '', ...shares]) => ({
        label,
        probabilities: Object.fromEntries(card.labels.map((name, i) => [name, Number(shares[i])])),
      })),
    );
    const onLines = await send(type, body, { accept: lines });
    expect([onLines.status, onLines.headers['content-type']]).toEqual([200, lines]);
    expectPredictions(
      onLines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Prediction),
    );
  });

  test('answers lines on lines, CSV as JSON, and CSV with a header, where nothing or that is asked for', async () => {
    expect((await send(lines, JSON.stringify(goodInstance))).headers['content-type']).toBe(lines);
    expect((await send('text/csv', csv)).headers['content-type']).toBe(json);
    const { text } = await send('text/csv', csv, { accept: 'text/csv; header=present' });
    const names = ['label', ...card.labels.map((label) => `probabilities.${label}`)];
    expect(text.split('\n')[0]).toBe(names.join(','));
  });

  test.each(wrong)('refuses %s and says where', async (_, type, body, pointer) => {
    const { status, json: problem } = await send(type, body);
    expect([status, problem]).toMatchObject([400, { error_code: 'BAD_REQUEST', message: expect.any(String) }]);
    const { errors } = problem as { readonly errors?: readonly { readonly pointer: string }[] };
    expect(errors?.[0]?.pointer).toBe(pointer);
  });

  test('refuses a type that it does not read', async () => {
    expect((await send('application/vnd.apache.parquet', 'x')).status).toBe(415);
  });

  test('says that it is ready, and its version', async () => {
    expect((await host.request('GET', '/ping')).status).toBe(200);
    expect((await host.request('GET', '/health')).status).toBe(200);
    expect((await host.request('GET', '/version')).text).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('has data frames on the paths of all protocols, too', async () => {
    expect((await host.post('/predict', { dataframe_records: [goodInstance] })).status).toBe(200);
  });
});

describeEachHost(
  'With other settings /invocations',
  (host) => {
    test.each([
      ['text/csv', csv],
      [lines, rows.map((row) => JSON.stringify(row)).join('\n')],
      [json, JSON.stringify({ dataframe_split: { columns: featureNames, data: rows } })],
      [json, JSON.stringify({ inputs: columns })],
    ])('limits the rows of %s', async (type, body) => {
      const { status } = await host.request('POST', '/score', { headers: { 'content-type': type }, body });
      expect(status).toBe(413);
    });

    test('is the path that Azure ML calls, too, and spells failures as there', async () => {
      const { status } = await host.post('/score', { dataframe_records: [goodInstance] });
      expect(status).toBe(200);
      const refused = await host.post('/score', { dataframe_records: [] });
      expect([refused.status, refused.json]).toMatchObject([400, { error_code: 'BAD_REQUEST' }]);
    });
  },
  { env: { MAX_REQUEST_ROWS: '4', SCORE_ROUTE: '/score' } },
);
