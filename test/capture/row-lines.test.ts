/** Lines of rows that came alone: what they hold, in which order, and when they are written. */
import { createRowLines, type RowLines } from '../../src/capture/row-lines';
import { createTensors, type RowSpan } from '../../src/model/tensors/tensors';
import { everyModel } from '../every-model';
import type { Host } from '../hosts';
import { createCard } from '../model/cards';
import { goodInstance } from '../model-files';
import { type CaptureRecord, captureAll } from './captured';

const send = (host: Host, id: string, body: unknown, url = '/predict') =>
  host.request('POST', url, {
    headers: { 'content-type': 'application/json', 'prediction-id': id },
    body: JSON.stringify(body),
  });

async function capture(env: Readonly<Record<string, string>>, use: (host: Host) => Promise<unknown>) {
  const own = await captureAll(env, use);
  const records = own.read();
  own.remove();
  return records;
}

/** Predictions aside: in batches of other sizes some models round otherwise. */
const rowsOf = (records: readonly CaptureRecord[]) =>
  records.flatMap(({ instances, outside = [] }) =>
    instances.map((instance, i) => ({
      instance,
      outside: outside.filter(({ row }) => row === i).map(({ features }) => features),
    })),
  );

test.each(everyModel)('$name: a row alone is written as among others, with its answer', async (model) => {
  const instances = model.samples.slice(0, 20).map(({ instance }) => instance);
  const answers: unknown[] = [];
  const records = await capture({ MODEL_DIR: model.directory }, async (host) => {
    for (const instance of instances) {
      const { status, json } = await send(host, 'alone', { instances: [instance] });
      expect(status).toBe(200);
      answers.push((json as { readonly predictions: readonly unknown[] }).predictions);
    }
    expect((await send(host, 'together', { instances })).status).toBe(200);
  });
  const alone = records.filter(({ id }) => id === 'alone');
  expect(alone.map(({ predictions }) => predictions)).toEqual(answers);
  expect(rowsOf(alone)).toEqual(rowsOf(records.filter(({ id }) => id === 'together')));
});

test('each of many requests has its line, in their order and before its feedback', async () => {
  const ids = Array.from({ length: 600 }, (_, i) => `"${i}\\`);
  const records = await capture({}, async (host) => {
    for (const id of ids) await send(host, id, { instances: [goodInstance] });
    const feedback = ids.map((id) => ({ id, label: 'setosa' }));
    expect((await send(host, 'told', { feedback }, '/v1/models/iris:feedback')).status).toBe(200);
    await send(host, 'last', { instances: [goodInstance] });
  });
  expect(records.map(({ id }) => id)).toEqual([...ids, ...ids, 'last']);
  expect(records.map(({ feedback }) => feedback === undefined).lastIndexOf(false)).toBe(2 * ids.length - 1);
  expect(records[0]).toMatchObject({ protocol: 'kserve-v1', latencyMicroseconds: expect.any(Number) });
});

describe('rows that are held', () => {
  const strings = createCard({
    inputs: [{ name: 'x', datatype: 'BYTES', shape: [-1, 1] }],
    features: [{ name: 'word', input: 'x', column: 0 }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1], role: 'value' }],
    task: 'regression',
  });
  const stamp = { protocol: 'kserve-v1', answeredAt: 0, latencyMs: 1 };
  const answer: RowSpan = { tensors: createTensors(strings.outputs, 1), from: 0, to: 1 };

  function createRows(maxRecordLength: number) {
    const [lines, lost]: [string[], unknown[]] = [[], []];
    const rows = createRowLines(strings, {
      maxRecordLength,
      add: (text) => void lines.push(...text.split('\n')),
      lose: (...loss) => void lost.push(loss),
    }) as RowLines;
    const add = (id: string, length: number) => {
      const tensors = createTensors(strings.inputs, 1);
      (tensors.data[0] as string[])[0] = 'x'.repeat(length);
      rows.add(id, { tensors, from: 0, to: 1 }, answer, 0, stamp);
    };
    return { rows, add, lost, ids: () => lines.map((line) => (JSON.parse(line) as CaptureRecord).id) };
  }

  test('are written before long strings take much memory', () => {
    const { rows, add, ids } = createRows(Number.POSITIVE_INFINITY);
    add('a', 60_000);
    expect([ids(), rows.rows(), rows.bytes() > 60_000]).toEqual([[], 1, true]);
    add('b', 60_000);
    expect([ids(), rows.rows(), rows.bytes()]).toEqual([['a', 'b'], 0, 0]);
  });

  test('are lost one by one where they are too large', () => {
    const { rows, add, ids, lost } = createRows(1000);
    for (const [id, length] of [
      ['a', 2000],
      ['b', 1],
      ['c', 2000],
      ['d', 1],
    ] as const)
      add(id, length);
    rows.flush();
    expect([ids(), lost]).toEqual([
      ['b', 'd'],
      [
        ['too_large', 1],
        ['too_large', 1],
      ],
    ]);
  });

  test('are none where a few rows are much', () => {
    const wide = { ...strings, inputs: [{ name: 'x', datatype: 'BYTES', shape: [-1, 5000] }] } as typeof strings;
    const target = { maxRecordLength: 1000, add: () => undefined, lose: () => undefined };
    expect(createRowLines(wide, target)).toBeUndefined();
  });
});
