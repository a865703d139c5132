/** Tables with a coverage have the sets that requests of V1 get, in each form of an answer, whole and in parts. */
import { join } from 'node:path';
import { readStream } from '../../src/arrow/stream';
import { describeEachHost, type Host, startHost } from '../hosts';
import { card, modelDirectory, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { predictWith, readTested } from '../served-coverage';
import { csvOf, endOfStream, hosts, openFlow, small } from '../survive/flowing';
import { arrowType, csvWithHeader, forms, ofPrediction, readArrow, toArrow } from './answered-sets';

const coverage = 0.97;

describe.each([
  ['labels', modelDirectory],
  ['numbers', join(projectDirectory, 'test/fixtures/models/diabetes')],
])('a model of %s', (_, directory) => {
  const rows = readTested(directory).map(({ instance }) => instance);
  let host: Host;
  let expected: readonly unknown[];
  beforeAll(async () => {
    host = await startHost('in process', { env: { MODEL_DIR: directory } });
    expected = (await predictWith(host, rows, 0.9)).predictions.map(ofPrediction);
  });
  afterAll(() => host.stop());

  test.each(forms)('answers CSV and data frames as %s', async (_form, accept, read) => {
    const headers = { 'content-type': 'text/csv', accept: `${accept}; coverage=0.9` };
    const body = rows.map((row) => row.join(',')).join('\n');
    const { status, bytes, json } = await host.request('POST', '/predict', { headers, body });
    expect([status, read(bytes)]).toEqual([200, expected]);
    if (accept === 'application/json') expect(json).toMatchObject({ coverage: { requested: 0.9, rows: 120 } });
    const frame = await host.request('POST', '/invocations', {
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ dataframe_split: { data: rows }, params: { coverage: 0.9 } }),
    });
    expect([frame.status, read(frame.bytes)]).toEqual([200, expected]);
  });

  test('answers Arrow as Arrow, beside the columns that it has without', async () => {
    const { json } = await host.request('GET', '/model-card.json');
    const { features } = json as { readonly features: readonly { readonly name: string }[] };
    const body = Buffer.concat([
      toArrow(
        rows,
        features.map(({ name }) => name),
      ),
      endOfStream,
    ]);
    const ask = (accept: string) =>
      host.request('POST', '/predict', { headers: { 'content-type': arrowType, accept }, body });
    const { bytes } = await ask('*/*; coverage="0.9"');
    expect(readArrow(bytes)).toEqual(expected);
    const names = (reply: Buffer) => readStream(reply).fields.map(({ name }) => name);
    const plain = names((await ask('*/*')).bytes);
    expect(names(bytes).slice(0, plain.length)).toEqual(plain);
  });
});

describeEachHost('A table with a coverage', (host) => {
  const body = csvOf(2);
  const send = (accept: string, path = '/predict') =>
    host.request('POST', path, { headers: { 'content-type': 'text/csv', accept }, body });

  test('has a cell for each label, under its name', async () => {
    const { text } = await send(`${csvWithHeader}; coverage=${coverage}`);
    const [header = '', first = ''] = text.split('\n');
    expect(header.split(',').slice(-card.labels.length)).toEqual(card.labels.map((label) => `label_set.${label}`));
    expect(first.split(',')).toHaveLength(header.split(',').length);
  });

  test.each([
    ['1', 'coverage in Accept: expected a number between 0 and 1, such as 0.9, got the number 1'],
    ['', 'coverage in Accept: expected a number between 0 and 1, such as 0.9, got the string ""'],
    ['much', 'coverage in Accept: expected a number between 0 and 1, such as 0.9, got the string "much"'],
    ['0.992', 'coverage in Accept: expected at most 0.9917, which 120 calibration rows allow, got 0.992'],
  ])('that is "%s" is refused with the reason', async (share, detail) => {
    for (const [path, status] of [
      ['/predict', 422],
      ['/invocations', 400],
    ] as const) {
      const reply = await send(`text/csv; coverage=${share}`, path);
      const sentence = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
      expect([reply.status, reply.json]).toMatchObject([
        status,
        { detail: sentence, errors: [{ pointer: '', detail }] },
      ]);
    }
  });
});

describe.each(hosts)('A table in parts, %s, %s', (kind, version) => {
  let host: Host;
  let cycle: readonly unknown[];
  beforeAll(async () => {
    host = await startHost(kind, { env: small });
    const rows = samples.map(({ instance }) => instance);
    cycle = (await predictWith(host, rows, coverage)).predictions.map(ofPrediction);
  });
  afterAll(() => host.stop());

  const setsOf = (count: number) => Array.from({ length: count }, (_, i) => cycle[i % cycle.length]);

  test.each(forms)('has the sets in each of them, as %s', async (_form, accept, read) => {
    const headers = { 'content-type': 'text/csv', accept: `${accept}; coverage=${coverage}` };
    const { send, end, answer } = openFlow(host.port, headers, version);
    const count = 30_000;
    void send(csvOf(count)).then(() => end());
    const { status, isComplete, body } = await answer;
    expect([status, isComplete]).toEqual([200, true]);
    expect(read(body)).toEqual(setsOf(count));
    if (accept !== 'application/json') return;
    expect(JSON.parse(body.toString())).toMatchObject({ coverage: { requested: coverage, rows: 120 } });
  });

  test('has them in each record batch', async () => {
    const rows = samples.map(({ instance }) => instance);
    const names = card.features.map(({ name }) => name);
    const headers = { 'content-type': arrowType, accept: `${arrowType};coverage=${coverage}` };
    const { send, end, answer } = openFlow(host.port, headers, version);
    void (async () => {
      await send(toArrow(rows, names));
      await send(toArrow(rows, names, false));
      end(endOfStream);
    })();
    const { isComplete, body } = await answer;
    expect([isComplete, readArrow(body)]).toEqual([true, setsOf(2 * rows.length)]);
  });

  test('is refused before it is read', async () => {
    const { end, answer } = openFlow(host.port, { 'content-type': 'text/csv', accept: '*/*; coverage=2' }, version);
    end(csvOf(10));
    const { status, body } = await answer;
    expect([status, body.toString()]).toEqual([422, expect.stringContaining('got the number 2')]);
  });
});
