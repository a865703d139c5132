/** Captures in columns: the loop reads of them what it reads of lines, for every model, and nothing more is in the files. */
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBatch, writeSchema } from '../../src/arrow/write-stream';
import { headFields, toLayout } from '../../src/capture/layout';
import { type Answered, readCaptures } from '../../src/commands/loop/read-captures';
import { toCard } from '../../src/model/card/card';
import { isFree } from '../../src/model/tensors/tensors';
import { runLoop } from '../commands/loop/loop-command';
import { everyModel } from '../every-model';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { card, cardBytes, featureNames, goodInstance, modelDirectory, toObjectForm } from '../model-files';
import { readSample } from '../scrape';
import { captureAll, makeDirectory } from './captured';

const noBytes = Buffer.alloc(0);
const arrow = { CAPTURE_FORMAT: 'arrow' };

const ask = (host: Host, id: string, instances: readonly unknown[], url = '/predict') =>
  host.request('POST', url, {
    headers: { 'content-type': 'application/json', 'prediction-id': id },
    body: JSON.stringify({ instances }),
  });

/** Without what no two requests share. */
async function read(directory: string, name: string) {
  const rows: Omit<Answered, 'time' | 'day' | 'latencyMicroseconds' | 'toldAt'>[] = [];
  const counts = await readCaptures(
    directory,
    { name, features: [] },
    ({ time, day, latencyMicroseconds, toldAt, ...row }) => {
      expect([time, day, latencyMicroseconds]).toEqual([
        expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        time.slice(0, 10),
        expect.any(Number),
      ]);
      rows.push(row);
    },
  );
  return { rows: rows.sort((a, b) => (a.key < b.key ? -1 : 1)), counts };
}

const extensionsIn = (directory: string) => readdirSync(directory).map((name) => name.replace(/^.*\./, ''));

test.each(everyModel)('$name is read from columns as from lines', async ({ name, directory, samples }) => {
  const instances = samples.map(({ instance }) => instance);
  const askAll = async (host: Host) => {
    for (const [i, instance] of instances.entries()) expect((await ask(host, `one-${i}`, [instance])).status).toBe(200);
    expect((await ask(host, 'all', instances)).status).toBe(200);
  };
  const lines = await captureAll({ MODEL_DIR: directory }, askAll);
  const columns = await captureAll({ MODEL_DIR: directory, ...arrow }, askAll);
  const expected = await read(lines.directory, name);
  expect(expected.rows).toHaveLength(2 * samples.length);
  expect(await read(columns.directory, name)).toEqual(expected);
  const [extension] = extensionsIn(columns.directory);
  lines.remove();
  columns.remove();
  formats.set(name, extension);
});

const formats = new Map<string, string | undefined>();

test('only models whose rows have no fixed columns are captured as lines', () => {
  const inLines = [...formats].filter(([, extension]) => extension === 'ndjson').map(([name]) => name);
  const free = everyModel.filter(
    ({ card: { inputs, outputs, features } }) =>
      [...inputs, ...outputs].some(isFree) ||
      features.some(({ tokenizer, pad }) => tokenizer !== undefined || pad !== undefined),
  );
  expect(inLines.sort()).toEqual(free.map(({ name }) => name).sort());
  expect(formats.size - inLines.length).toBeGreaterThan(15);
});

test('many rows of one request are numbered across batches, and counted', async () => {
  const rows = 10_000;
  let written = 0;
  const own = await captureAll(arrow, async (host) => {
    expect((await ask(host, 'many', new Array(rows).fill(goodInstance))).status).toBe(200);
    while (written < rows) written = await readSample(host, 'predict_captured_rows_total');
  });
  const found = await read(own.directory, card.name);
  expect(found.rows.map(({ row }) => row).sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
  expect(new Set(found.rows.map(({ id }) => id))).toEqual(new Set(['many']));
  own.remove();
});

test('feedback stands beside them as lines, and the report joins both', async () => {
  const own = await captureAll(arrow, async (host) => {
    await ask(host, 'a', [goodInstance]);
    const feedback = [{ id: 'a', label: card.labels[0] }];
    expect((await host.post(`/v1/models/${card.name}:feedback`, { feedback })).status).toBe(200);
  });
  expect(extensionsIn(own.directory).sort()).toEqual(['arrows', 'ndjson']);
  const { stdout, status } = runLoop('report', own.directory, '--model', modelDirectory);
  expect(status).toBe(0);
  expect(stdout).toContain('1 rows captured, 1 with feedback');
  own.remove();
});

test('a private feature is in no byte of them', async () => {
  const model = copyModel(modelDirectory);
  const [hidden = ''] = featureNames;
  const secret = Math.fround(5.4321987);
  type Document = { features: { name: string }[] };
  model.edit<Document>('card.json', (written) => ({
    ...written,
    features: written.features.map((each) =>
      each.name === hidden ? { ...each, private: true, default: secret } : each,
    ),
  }));
  const own = await captureAll({ ...arrow, MODEL_DIR: model.directory }, (host) =>
    ask(host, 'a', [{ ...toObjectForm(goodInstance), [hidden]: secret }]),
  );
  const [name = ''] = readdirSync(own.directory);
  const bytes = readFileSync(join(own.directory, name));
  for (const needle of [new Float32Array([secret]), new Float64Array([secret])])
    expect(bytes.includes(Buffer.from(needle.buffer))).toBe(false);
  // Nor what the card has of it, or of rows that have it.
  const text = readFileSync(join(model.directory, 'card.json'), 'utf8');
  for (const known of ['"background"', '5.4321'])
    expect([known, text.includes(known), bytes.includes(known)]).toEqual([known, true, false]);
  // What is shown is found so.
  expect(bytes.includes(Buffer.from(new Float32Array([goodInstance[1] as number]).buffer))).toBe(true);
  const { rows } = await read(own.directory, card.name);
  expect(rows.map(({ instance }) => Object.keys(instance))).toEqual([featureNames.slice(1)]);
  own.remove();
  model.remove();
});

describe('a file that was cut off', () => {
  async function readChanged(change: (path: string) => void) {
    const own = await captureAll(arrow, async (host) => {
      await ask(host, 'before', [goodInstance]);
      while ((await readSample(host, 'predict_captured_rows_total')) < 1);
      await ask(host, 'last', [goodInstance]);
    });
    const [name = ''] = readdirSync(own.directory);
    change(join(own.directory, name));
    const { rows, counts } = await read(own.directory, card.name);
    own.remove();
    return { ids: rows.map(({ id }) => id), broken: counts.brokenFiles };
  }

  test('in a batch is read up to it, and told', async () => {
    const found = await readChanged((path) => truncateSync(path, readFileSync(path).length - 10));
    expect(found).toEqual({ ids: ['before'], broken: 1 });
  });

  test('in its head has no rows', async () => {
    expect(await readChanged((path) => truncateSync(path, 100))).toEqual({ ids: [], broken: 1 });
  });

  test('and goes on with what is no batch is read up to it', async () => {
    const found = await readChanged((path) => appendFileSync(path, 'no batch, but text'));
    expect(found).toEqual({ ids: ['before', 'last'], broken: 1 });
  });
});

test('a file whose columns are not those of its card has no rows, however many it claims', async () => {
  const own = makeDirectory();
  const document = JSON.parse(cardBytes.toString());
  const type = { kind: 'list', size: 0, of: { kind: 'float', bits: 32 } } as const;
  const columns = [...headFields, ...(toLayout(toCard(document))?.values ?? [])].map(({ name }) => ({
    name,
    type,
    buffers: [noBytes],
  }));
  const written = [...writeSchema(columns, { card: JSON.stringify(document) }), ...writeBatch(columns, 2 ** 20)];
  writeFileSync(join(own.directory, 'captures.arrows'), Buffer.concat(written));
  const { rows, counts } = await read(own.directory, card.name);
  expect([rows, counts.unreadable, counts.brokenFiles]).toEqual([[], 0, 1]);
  own.remove();
});

test('columns have no place in the log', async () => {
  await expect(startHost('in process', { env: { CAPTURE: 'all', ...arrow } })).rejects.toThrow(
    'CAPTURE_FORMAT is "arrow", and CAPTURE_TO is "log": expected a directory for files, or ndjson.',
  );
});
