/** Tables as pyarrow, Polars and DuckDB write them go in and come out as Arrow streams, with the answers of JSON. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Card } from '../../src/model/card/card';
import { everyModel, toObject } from '../every-model';
import { processKinds, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const python = setUpPython(requirements.tables);
const script = join(projectDirectory, 'test/clients/tables/send.py');

interface Printed {
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly errors: Readonly<Record<string, unknown>>;
}

/** The members of a prediction by their paths, as columns are named. */
function flatten(value: unknown, name = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, each]) => flatten(each, name === '' ? key : `${name}.${key}`));
}

/** The programs of the guide. */
const programs = Array.from(
  readFileSync(join(projectDirectory, 'docs/guides/tables.md'), 'utf8').matchAll(
    /## (\w+)\n(?:(?!## )[^\n]*\n)*?```python\n(.*?)```/gs,
  ),
  ([, title, program]) => [title, program] as [string, string],
);

const models = everyModel.filter(({ name }) => ['iris', 'regressor', 'pipeline'].includes(name));

test('the guide has a program for each of three libraries, and one for streams', () => {
  expect(programs.map(([title]) => title)).toEqual(['pandas', 'Polars', 'DuckDB', 'Streams']);
});

describe.each(processKinds)('tables, %s', (kind) => {
  if ('missing' in python) {
    test.skip(`are not sent: ${python.missing}`, () => undefined);
    return;
  }

  test.each(programs)('of %s, as the guide sends them', async (_, program) => {
    const host = await startHost(kind);
    const whole = `${program.replace('localhost:8080', `127.0.0.1:${host.port}`)}\nimport pandas\nprint(pandas.DataFrame(predictions.to_dict(as_series=False) if hasattr(predictions, "to_dicts") else predictions).to_json(orient="records"))`;
    const { stdout, stderr, status } = spawnSync(python.python, ['-c', whole], {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)[0]).toEqual({
      label: 'setosa',
      'probabilities.setosa': 1,
      'probabilities.versicolor': 0,
      'probabilities.virginica': 0,
    });
    await host.stop();
  });

  test.each(models)('of $name', async ({ directory, card, samples }) => {
    const host = await startHost(kind, { env: { MODEL_DIR: directory } });
    const input = JSON.stringify(samples.map(({ instance }) => toObject(card as Card, instance)));
    const { stdout, stderr, status } = spawnSync(python.python, [script, `${host.url}/predict`], {
      input,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    await host.stop();
    const { rows, errors } = JSON.parse(stdout) as Printed;
    const answers = (rows.json ?? []).map((each) => Object.fromEntries(flatten(each)));
    expect(Object.keys(rows)).toEqual(['pyarrow', 'dictionaries', 'polars', 'duckdb', 'json', 'csv']);
    expect(answers).toHaveLength(samples.length);
    for (const found of ['pyarrow', 'dictionaries', 'polars', 'duckdb', 'csv'])
      expect(rows[found]).toEqual(
        answers.map((answer) =>
          Object.fromEntries(
            Object.entries(answer).map(([name, value]) => [
              name,
              // JSON rounds a float32 to its shortest decimal.
              typeof value === 'number' ? expect.closeTo(value, 5) : value,
            ]),
          ),
        ),
      );
    const first = card.features[0]?.name;
    expect(errors).toEqual({
      compressed: expect.stringContaining('it is compressed: expected buffers without compression'),
      'another column': expect.stringMatching(/Expected columns named .*, each once, got "more"/),
      'a column less': expect.stringContaining(`Expected the column ${JSON.stringify(first)}, which is missing`),
      dates: expect.stringContaining(
        `the column ${JSON.stringify(first)} has the type timestamp: expected numbers, booleans`,
      ),
      'a null': { pointer: `/0/${first}`, detail: expect.stringContaining('got null') },
      half: expect.stringContaining('it ends in the middle of a message'),
    });
  });
});
