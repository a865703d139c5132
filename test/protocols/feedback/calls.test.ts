/** Feedback as a query sends it: batches that are repeated, NULL, numbers as text, and what is refused. */
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import type { Client } from '../../client';
import { runLoop } from '../../commands/loop/loop-command';
import { type Host, startHost } from '../../hosts';
import { card, modelDirectory, modelPath, samples } from '../../model-files';
import { projectDirectory } from '../../processes';
import { playQuery } from '../bigquery/player';

const path = '/bigquery/feedback';
const asked = samples.slice(0, 12);
const told = asked.map(({ prediction }, row) => ['many', row, prediction.label]);
const [label = ''] = card.labels;

interface Refusal {
  readonly errorMessage: string;
}

const refusalOf = (host: Client, calls: unknown, userDefinedContext?: object) =>
  host.post(path, { calls, userDefinedContext }).then(({ status, json }) => [status, (json as Refusal).errorMessage]);

/** The first answer to each batch is lost on the way. */
function losingAnswers(host: Host): Client {
  const lost = new Set<unknown>();
  return {
    ...host,
    async post(to, envelope) {
      const reply = await host.post(to, envelope);
      const { requestId } = envelope as { readonly requestId: string };
      if (lost.has(requestId)) return reply;
      lost.add(requestId);
      throw new Error('The answer was lost.');
    },
  };
}

describe.each(['functions-framework', 'server.ts'] as const)('Feedback of a query, %s', (kind) => {
  const own = makeDirectory();
  afterAll(own.remove);
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, { env: { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: modelDirectory } });
  });

  test('is refused as a whole batch, with the call and the argument that is wrong', async () => {
    const wrong = told.map((call, i) => (i === 7 ? ['many', 7, 'no label'] : call));
    await expect(playQuery(() => host, { path, rows: wrong, maxBatchingRows: 100 })).rejects.toThrow(
      /failed with 422: .*\/calls\/7\/2: expected a label of the model \(.*, got the string \\"no label\\"/,
    );
    await expect(playQuery(() => host, { path, rows: [['many', 'no label']], maxBatchingRows: 1 })).rejects.toThrow(
      '/calls/0/1: expected a label',
    );
    expect(own.read()).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['no list', {}, '/calls: expected an array of calls, got an object.'],
    ['no call', [], '/calls: expected at least one call, got an array of 0.'],
    ['a call that is none', [7], '/calls/0: expected an array of arguments, got the number 7.'],
    [
      'another number of arguments',
      [told[0], ['many']],
      '/calls/1: expected the arguments id, row and label, or id and label, got 1 arguments.',
    ],
    ['an id that is none', [['a b', 0, label]], '/calls/0/0: expected an id of 1 to 128 visible ASCII characters, '],
    ['a row below 0', [['many', -1, label]], '/calls/0/1: expected a row from 0 on, got the number -1.'],
    [
      'more calls than are taken at once',
      Array.from({ length: 10_001 }, () => ['many', label]),
      '/calls: expected at most 10000 calls, got 10001: set max_batching_rows = 10000 in the OPTIONS of the remote function.',
    ],
  ])('is refused for %s', async (_, calls, says) => {
    expect(await refusalOf(host, calls)).toEqual([422, expect.stringContaining(says)]);
  });

  test('tells nothing where there is NULL, unless that is an error', async () => {
    expect(
      (
        await host.post(path, {
          calls: [
            [null, 0, label],
            ['many', null, label],
            ['many', null],
          ],
        })
      ).json,
    ).toEqual({
      replies: [null, null, null],
    });
    expect(await refusalOf(host, [[null, label]], { nulls: 'error' })).toEqual([
      422,
      expect.stringContaining('/calls/0: expected no NULL'),
    ]);
  });

  test('counts once, however often BigQuery repeats a batch', async () => {
    const headers = { 'content-type': 'application/json', 'prediction-id': 'many' };
    const body = JSON.stringify({ instances: asked.map(({ instance }) => instance) });
    await host.request('POST', '/predict', { headers, body });
    const rows = [...told, ['many', null, null]];
    const client = losingAnswers(host);
    const { values, attempts } = await playQuery(() => client, { path, rows, maxBatchingRows: 5 });
    expect(values).toEqual([...told.map(() => true), null]);
    expect([...attempts]).toEqual([
      [0, 3],
      [200, 3],
    ]);
    expect(await host.stop()).toBe(0);
    const records = own.read().filter(({ feedback }) => feedback !== undefined);
    expect(records).toHaveLength(2 * told.length);
    const { stdout } = runLoop('report', own.directory, '--model', modelDirectory);
    expect(stdout).toContain(`${asked.length} rows captured, ${asked.length} with feedback`);
    expect(stdout).toContain('live accuracy: 1 (95 %: ');
    expect(stdout).not.toContain('say something else');
  });
});

test('Feedback for a value may come as text, as decimals of BigQuery do', async () => {
  const own = makeDirectory();
  const model = join(projectDirectory, 'test/fixtures/models/diabetes');
  const host = await startHost('in process', {
    env: { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: model },
  });
  const calls = [
    ['a', '3', '151.5'],
    ['b', 80],
    ['c', 0, 'NaN'],
  ];
  expect((await host.post(path, { calls })).json).toEqual({ replies: [true, true, null] });
  expect(await refusalOf(host, [['a', 'much']])).toEqual([
    422,
    '/calls/0/1: expected a number, got the string "much".',
  ]);
  await host.stop();
  expect(own.read()).toMatchObject([
    { id: 'a', row: 3, feedback: { value: 151.5 } },
    { id: 'b', row: 0, feedback: { value: 80 } },
  ]);
  own.remove();
});

test('Where nothing is captured, the query fails with what to set', async () => {
  const host = await startHost('in process');
  expect(await refusalOf(host, told)).toEqual([404, expect.stringContaining('while CAPTURE is not "off"')]);
  await host.stop();
});

test('Feedback that is sent elsewhere, or where nothing is captured, is told where it goes', async () => {
  const own = makeDirectory();
  const capturing = await startHost('in process', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory } });
  const plain = await startHost('in process');
  const feedback = [{ id: 'a', label }];
  const [versioned, predicted] = [`${modelPath}/versions/${card.version}:feedback`, `${modelPath}:predict`];
  for (const [host, to] of [
    [capturing, versioned],
    [capturing, predicted],
    [plain, `${modelPath}:feedback`],
    [plain, '/predict'],
  ] as const) {
    const { status, json } = await host.post(to, { feedback });
    expect([to, status < 500, (json as { readonly detail: string }).detail]).toEqual([
      ...[to, true],
      expect.stringContaining(
        `feedback goes to ${modelPath}:feedback, for a label or a value, and while CAPTURE is not "off"`,
      ),
    ]);
  }
  await capturing.stop();
  await plain.stop();
  own.remove();
});
