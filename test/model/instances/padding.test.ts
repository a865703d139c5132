/** Callers of a model that takes lists of one size send shorter ones: they are filled up, and the mask says how far they go. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import { copyFiles } from '../../copy-files';
import { describeEachHost, startHost } from '../../hosts';
import { projectDirectory } from '../../processes';

const source = join(projectDirectory, 'test/fixtures/models/sentences');
const work = mkdtempSync(join(tmpdir(), 'padding-'));
afterAll(() => rmSync(work, { recursive: true }));
const size = 6;

interface Sample {
  readonly instance: readonly [readonly number[], readonly number[]];
  readonly prediction: { readonly embedding: readonly number[] };
}

const lengthOf = (mask: readonly number[]) => mask.lastIndexOf(1) + 1;

/** The trainer's own answers to lists with a mask, asked for by their elements alone. */
const samples = (
  JSON.parse(readFileSync(join(source, 'samples.json'), 'utf8')) as { samples: readonly Sample[] }
).samples
  .filter(
    ({ instance: [list, kept] }) => list.length <= size && lengthOf(kept) === kept.filter((each) => each === 1).length,
  )
  .map(({ instance: [list, kept], prediction }) => ({ instance: [list.slice(0, lengthOf(kept))], prediction }));

const inputs = ['ids', 'mask'].map((name) => ({ name, datatype: 'INT64', shape: [-1, size] }));
const feature = { name: 'ids', description: 'Words.', input: 'ids', column: 0, shape: [size] };

function make(name: string, more: object, others: readonly object[] = []): string {
  const directory = join(work, name);
  copyFiles(source, directory);
  const card = JSON.parse(readFileSync(join(source, 'card.json'), 'utf8'));
  writeFileSync(
    join(directory, 'card.json'),
    JSON.stringify({ ...card, inputs, features: [{ ...feature, ...more }, ...others] }),
  );
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples }));
  return directory;
}

const directory = make('served', { pad: { value: 0, mask: 'mask' } });

test('a capture holds a list as it was sent, without what filled it up', async () => {
  const own = makeDirectory();
  const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: directory };
  const host = await startHost('in process', { env });
  await host.post('/predict', { instances: samples.map(({ instance }) => instance) });
  await host.stop();
  expect(own.read().flatMap((record) => record.instances)).toEqual(samples.map(({ instance: [ids] }) => ({ ids })));
  own.remove();
});

describeEachHost(
  'Padding',
  (host) => {
    test('lists of any length up to the size share a run, and each gets what the trainer computed', async () => {
      expect(samples.map(({ instance: [list = []] }) => list.length)).toEqual(expect.arrayContaining([1, 2, 3]));
      const { json } = await host.post('/predict', { instances: samples.map(({ instance }) => instance) });
      const { predictions } = json as { predictions: Sample['prediction'][] };
      for (const [i, { embedding }] of predictions.entries())
        for (const [at, value] of embedding.entries())
          expect(value).toBeCloseTo(samples[i]?.prediction.embedding[at] ?? Number.NaN, 5);
      const objects = await host.post('/predict', {
        instances: samples.map(({ instance: [list] }) => ({ ids: list })),
      });
      expect(objects.json).toEqual(json);
      const calls = await host.post('/bigquery', { calls: samples.map(({ instance }) => instance) });
      expect((calls.json as { replies: unknown }).replies).toEqual(predictions);
    });

    test.each([
      [[[]], '/instances/0/0', 'ids: expected an array of 1 to 6, got an array of 0'],
      [[[1, 2, 3, 4, 5, 6, 7]], '/instances/0/0', 'ids: expected an array of 1 to 6, got an array of 7'],
      [[[1, 'x']], '/instances/0/0/1', 'ids: expected an integer'],
      [[[1], [1]], '/instances/0', 'expected 1 values (ids), got an array of 2'],
    ])('%j is refused with its place', async (instance, pointer, detail) => {
      const { status, json } = await host.post('/predict', { instances: [instance] });
      const [fault] = (json as { errors: { pointer: string; detail: string }[] }).errors;
      expect([status, fault?.pointer]).toEqual([422, pointer]);
      expect(fault?.detail).toContain(detail);
    });

    test('tensors are sent whole, with their mask', async () => {
      const data = [3, 7, 1, 0, 0, 0];
      const sent = [
        { name: 'ids', datatype: 'INT64', shape: [1, size], data },
        { name: 'mask', datatype: 'INT64', shape: [1, size], data: data.map((id) => (id > 0 ? 1 : 0)) },
      ];
      const { json } = await host.post('/v2/models/sentences/infer', { inputs: sent });
      const alone = await host.post('/predict', { instances: [[[3, 7, 1]]] });
      const [{ data: embedding } = { data: [] }] = (json as { outputs: { data: number[] }[] }).outputs;
      expect((alone.json as { predictions: unknown[] }).predictions).toEqual([{ embedding }]);
    });

    test('the document says how long a list may be', async () => {
      const { text } = await host.request('GET', '/openapi.json');
      const { InstanceObject } = JSON.parse(text).components.schemas;
      expect(InstanceObject.properties.ids).toMatchObject({ type: 'array', minItems: 1, maxItems: size });
      expect(InstanceObject.required).toEqual(['ids']);
    });
  },
  { env: { MODEL_DIR: directory } },
);

test.each([
  [
    'another input than there is',
    { pad: { value: 0, mask: 'none' } },
    /has the mask .*none.*: expected an input of 6 numbers/,
  ],
  ['a value that the input cannot hold', { pad: { value: 0.5 } }, /is padded with 0\.5: expected an integer/],
  ['a list of any length', { shape: [-1], pad: { value: 0, mask: 'mask' } }, /shape \[-1\]: expected/],
  [
    'no mask where an input is left',
    { pad: { value: 0 } },
    /No feature of the card fills column 0 of the input .*mask/,
  ],
])('a card that pads %s is refused', async (_, more, reason) => {
  const host = await startHost('server.ts', { env: { MODEL_DIR: make('refused', more) } }).catch(String);
  expect(host).toMatch(reason);
});

test('a mask that callers send, too, is refused', async () => {
  const mask = { name: 'mask', description: 'Which.', input: 'mask', column: 0, shape: [size] };
  const host = await startHost('server.ts', {
    env: { MODEL_DIR: make('both', { pad: { value: 0, mask: 'mask' } }, [mask]) },
  }).catch(String);
  expect(host).toMatch(/which another feature fills, too/);
});
