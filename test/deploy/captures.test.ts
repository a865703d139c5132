/** What a deploy prepares in BigQuery for captures: commands in order, and views that say what the report says. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../capture/captured';
import { setUpPython } from '../clients/python';
import { runLoop } from '../commands/loop/loop-command';
import { startHost } from '../hosts';
import { card, deployedDirectory, modelPath, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { project, readCommands, run } from './commands';

const prepare = (...words: readonly string[]) => run(process.execPath, ['deploy/captures.mjs', ...words]);

test('a dry run prints a bucket, a sink that takes captures alone, a link, a data set and the views', async () => {
  const { code, stdout } = await prepare(`--project=${project}`, '--dry-run');
  expect(code).toBe(0);
  const gcloud = await readCommands(stdout);
  expect(gcloud.map((words) => words.slice(1, 4).join(' '))).toEqual([
    'services enable logging.googleapis.com',
    'logging buckets create',
    'logging sinks create',
    'logging links create',
  ]);
  expect(gcloud[2]).toContain('--log-filter=jsonPayload.capture.id:*');
  expect(stdout.match(/^bq /gm)?.length).toBe(8);
  // bq would take a word that begins so for a flag.
  expect(stdout).not.toMatch(/^ {2}'--/m);
});

test.each([
  ['--project=No', '--project is "No": expected a project ID.'],
  ['--region=mars', '--region is "mars": expected a region such as europe-west1.'],
  ['--dataset=a-b', '--dataset is "a-b": expected letters, digits and underscores.'],
  ['--days=0', '--days is "0": expected a number of days from 1 on.'],
])('%s is refused', async (word, message) => {
  const others = word.startsWith('--project') ? [] : [`--project=${project}`];
  expect(await prepare(...others, word)).toMatchObject({ code: 2, stderr: `${message}\n` });
});

test('the value of a regressor is read by its name, where it has one', async () => {
  const own = makeDirectory();
  for (const path of ['deploy', 'src/commands/command-line.cjs'])
    cpSync(join(projectDirectory, path), join(own.directory, path), { recursive: true });
  mkdirSync(join(own.directory, 'model'));
  const output = { name: 'y', role: 'value', columns: ['price, "net"'] };
  writeFileSync(
    join(own.directory, 'model/card.json'),
    JSON.stringify({ name: 'houses', features: [], outputs: [output] }),
  );
  const words = [join(own.directory, 'deploy/captures.mjs'), `--project=${project}`, '--sql'];
  const { stdout } = await run(process.execPath, words);
  expect(stdout).toContain(String.raw`CAST(JSON_VALUE(prediction, '$."value"."price, \\"net\\""') AS FLOAT64)`);
  own.remove();
});

type ViewRow = Readonly<Record<string, unknown>>;

const python = setUpPython(requirements.tables);
const asked = samples.slice(40, 120);
const next = (label: string) => card.labels[(card.labels.indexOf(label) + 1) % card.labels.length] as string;

('missing' in python ? describe.skip : describe)('the views over what a server wrote', () => {
  const own = makeDirectory();
  let views: Readonly<Record<string, readonly ViewRow[]>>;
  let report: string;
  afterAll(own.remove);

  beforeAll(async () => {
    const host = await startHost('in process', {
      env: { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: deployedDirectory },
    });
    const send = (rows: typeof asked, id: string) =>
      host.request('POST', '/predict', {
        headers: { 'content-type': 'application/json', 'prediction-id': id },
        body: JSON.stringify({ instances: rows.map(({ instance }) => instance) }),
      });
    await send(asked, 'many');
    await send(asked.slice(0, 3), 'untold');
    await send([asked[70], ...asked.slice(1, 2)] as typeof asked, 'many');
    const told = asked.map(({ prediction: { label } }, row) => ({
      ...{ id: 'many', row },
      label: row % 5 === 0 ? next(label) : label,
    }));
    await host.post(`${modelPath}:feedback`, { feedback: [{ id: 'many', row: 1, label: told[0]?.label }] });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await host.post(`${modelPath}:feedback`, { feedback: [...told, { id: 'nobody', label: card.labels[0] }] });
    await host.stop();
    report = runLoop('report', own.directory, '--model', deployedDirectory).stdout;
    const { stdout: sql } = await prepare(`--project=${project}`, '--sql');
    const script = 'test/deploy/views.py';
    const input = JSON.stringify({ sql, directory: own.directory });
    const { stdout, stderr } = spawnSync('python' in python ? python.python : '', [script], {
      input,
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    views = JSON.parse(stdout);
  });

  const round = (value: unknown) => String(Number(Number(value).toPrecision(4)));

  test('count what was captured and what was told', () => {
    expect(views.predictions).toHaveLength(asked.length + 5);
    expect(views.feedback).toHaveLength(asked.length + 1);
    expect(views.answered).toHaveLength(asked.length);
    expect(report).toContain(`${asked.length + 5} rows captured, ${asked.length} with feedback`);
    const outside = views.predictions?.filter(({ is_outside: isOutside }) => isOutside === true).length;
    expect(report).toContain(`, ${outside} outside the training range`);
  });

  test('give the accuracy of the report, by version and day', () => {
    expect(views.quality).toHaveLength(1);
    const [{ version, day, accuracy, row_count: rows }] = views.quality as readonly [ViewRow];
    expect(report).toContain(`live accuracy: ${round(accuracy)} (`);
    expect(report).toMatch(new RegExp(`by version\n  ${version}  ${round(accuracy)} .*${rows} rows`));
    expect(report).toMatch(new RegExp(`by day\n  ${day}  ${round(accuracy)} `));
  });

  test('give its confusion matrix', () => {
    const count = (actual: string, predicted: string) =>
      views.confusion_matrix?.find((row) => row.actual_label === actual && row.predicted_label === predicted)
        ?.row_count ?? 0;
    for (const actual of card.labels) {
      const cells = card.labels.map((predicted) => count(actual, predicted));
      expect(report).toMatch(new RegExp(`^ +${actual} +${cells.join(' +')}$`, 'm'));
    }
  });

  test('give its bins of each feature', () => {
    expect(new Set(views.features?.map(({ feature }) => feature))).toEqual(
      new Set(card.features.map(({ name }) => name)),
    );
    for (const { feature, up_to: edge, right_share: share, row_count: rows } of views.features ?? []) {
      const [, table = ''] = new RegExp(`by ${feature}\n((?: .*\n)+)`).exec(`${report}\n`) ?? [];
      const range = edge === null ? 'over ' : `to ${round(edge)} `;
      expect(table).toMatch(new RegExp(`${range}.*${round(share)} .* ${rows} rows`));
    }
  });

  test('say how often a probability is right', () => {
    const rows = views.calibration ?? [];
    expect(rows.reduce((sum, { row_count: count }) => sum + Number(count), 0)).toBe(asked.length);
    for (const { from_probability: from, mean_probability: mean } of rows) {
      expect(Number(mean)).toBeGreaterThanOrEqual(Number(from));
      expect(Number(mean)).toBeLessThanOrEqual(Number(from) + 0.1 + 1e-6);
    }
  });
});
