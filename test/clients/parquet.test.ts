/** Captures of every model, exported as Parquet, hold for pyarrow, pandas and DuckDB what their records hold as JSON. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Card } from '../../src/model/card/card';
import { truthOf } from '../../src/protocols/feedback/truth';
import { makeDirectory } from '../capture/captured';
import { runLoop } from '../commands/loop/loop-command';
import { everyModel, toTensors } from '../every-model';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const python = setUpPython(requirements.tables);
const reader = join(projectDirectory, 'test/clients/tables/read_parquet.py');

type Members = Readonly<Record<string, unknown>>;
type Row = Members;

interface CaptureRecord extends Members {
  readonly instances: readonly Members[];
  readonly predictions: readonly Members[];
}

interface Printed {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly types: Readonly<Record<string, string>>;
}

function run(program: string, cwd: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/** The leaves of objects by their paths, as columns are named. */
function flatten(value: unknown, name = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, each]) => flatten(each, name === '' ? key : `${name}.${key}`));
}

function featuresOf({ features }: Card, instance: Members): Row {
  const columns = features.flatMap(({ name, tokenizer }): (readonly [string, unknown])[] => {
    const value = instance[name];
    if (tokenizer === undefined) return [[name, value]];
    const isText = typeof value === 'string';
    return [
      [name, isText ? value : null],
      [`${name}.ids`, isText ? null : value],
    ];
  });
  return Object.fromEntries(columns);
}

function toRows(card: Card, { instances, predictions, outside, firstRow, ...record }: CaptureRecord): readonly Row[] {
  return instances.map((instance, row) => ({
    ...record,
    row,
    ...featuresOf(card, instance),
    ...Object.fromEntries(flatten(predictions[row])),
    outside: (outside as undefined | readonly Members[])?.find((each) => each.row === row)?.features ?? [],
  }));
}

/** Asks the samples one by one, and a text as ids, too; tells of the first what happened. */
async function askAll(host: Host, { name, card, samples }: (typeof everyModel)[number]): Promise<void> {
  for (const { instance } of samples) {
    const { status, headers, json } = await host.post('/predict', { instances: [instance] });
    expect(status).toBe(200);
    const truth = truthOf(card);
    if (truth === undefined) continue;
    const [prediction] = (json as { readonly predictions: readonly Members[] }).predictions;
    const feedback = [{ id: headers['prediction-id'], [truth.member]: prediction?.[truth.member] }];
    expect((await host.post(`/v1/models/${name}:feedback`, { feedback })).status).toBe(200);
  }
  if (!card.features.some(({ tokenizer }) => tokenizer !== undefined)) return;
  const inputs = toTensors(card, [samples[0]?.instance]);
  expect((await host.post(`/v2/models/${name}/infer`, { inputs })).status).toBe(200);
}

describe('a Parquet file', () => {
  if ('missing' in python) {
    test.skip(`is not read: ${python.missing}`, () => undefined);
    return;
  }

  test.each(everyModel)('of $name', async (model) => {
    const { directory, card } = model;
    const own = makeDirectory();
    const out = makeDirectory();
    const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: directory };
    const host = await startHost('in process', { env });
    await askAll(host, model);
    await host.stop();
    const path = join(out.directory, 'captures.parquet');
    const { status, stdout, stderr } = runLoop('export', own.directory, '--model', directory, '--out', path);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('another type');

    const records = own.read() as readonly Members[];
    const told = new Map(records.filter(({ feedback }) => feedback !== undefined).map((each) => [each.id, each]));
    const expected = records
      .filter(({ predictions }) => predictions !== undefined)
      .flatMap((record) => toRows(card, record as CaptureRecord))
      .map((row) => {
        const { member } = truthOf(card) ?? {};
        if (member === undefined) return row;
        const feedback = told.get(row.id);
        const truth = (feedback?.feedback as Members | undefined)?.[member] ?? null;
        return { ...row, [`feedback.${member}`]: truth, 'feedback.time': feedback?.time ?? null };
      });
    expect(expected.length).toBeGreaterThanOrEqual(model.samples.length);
    const { rows, types } = JSON.parse(run(python.python, out.directory, reader, path)) as Printed;
    expect(Object.keys(rows)).toEqual(['pyarrow', 'pandas', 'duckdb']);
    for (const read of Object.values(rows)) expect(read).toEqual(expected);
    expect(types).toMatchObject({ id: 'string', row: 'int64', time: 'timestamp[ms, tz=UTC]', outside: /^list</ });
    own.remove();
    out.remove();
  });

  const guide = readFileSync(join(projectDirectory, 'docs/guides/loop.md'), 'utf8');
  const programs = Array.from(guide.matchAll(/```python\n([^`]*)```/g), ([, program = '']) => program);

  test.each(programs)('and the records themselves are read as the guide does: %s', async (program) => {
    const own = makeDirectory();
    const format = program.includes('.arrows') ? 'arrow' : 'ndjson';
    const env = { CAPTURE: 'all', CAPTURE_TO: join(own.directory, 'captures'), CAPTURE_FORMAT: format };
    const host = await startHost('in process', { env });
    const [model] = everyModel.filter(({ name }) => name === 'iris');
    await askAll(host, model as (typeof everyModel)[number]);
    await host.stop();
    const whole = `${program}
import json
frame = rows.df() if hasattr(rows, "df") else rows
print(json.dumps(frame[[name for name in frame.columns if name in ("label", "predictions.label")][0]].to_list()))`;
    const labels = JSON.parse(run(python.python, own.directory, '-c', whole)) as readonly unknown[];
    own.remove();
    expect(labels).toEqual(model?.samples.map(({ prediction }) => (prediction as { readonly label: string }).label));
  });

  test('has programs in the guide', () => {
    expect(programs).toHaveLength(3);
  });
});
