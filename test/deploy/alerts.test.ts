/** `npm run deploy -- alerts` creates each policy once, updates those that are there, and prints the same as rules. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../processes';
import { flag, project, readCommands, run } from './commands';

const files = readdirSync(join(projectDirectory, 'deploy/alerts')).map((file) => `deploy/alerts/${file}`);
const channels = `projects/${project}/notificationChannels/1,projects/${project}/notificationChannels/2`;
const alerts = (...words: readonly string[]) => run('node', ['deploy/main.mjs', 'alerts', ...words]);

test('a dry run prints a command for each policy, and needs no gcloud', async () => {
  const { code, stdout } = await alerts(`--project=${project}`, `--channels=${channels}`, '--dry-run');
  const commands = await readCommands(stdout);
  expect([code, commands.map((command) => flag(command, 'policy-from-file'))]).toEqual([0, files]);
  for (const command of commands) {
    expect(command.slice(0, 5)).toEqual(['gcloud', 'alpha', 'monitoring', 'policies', 'create']);
    expect([flag(command, 'project'), flag(command, 'notification-channels')]).toEqual([project, channels]);
  }
});

describe('with gcloud', () => {
  const directory = mkdtempSync(join(tmpdir(), 'alerts-'));
  const state = join(directory, 'state.json');
  const env = { STATE: state, PATH: `${join(directory, 'bin')}:${process.env.PATH}` };
  const readState = () =>
    JSON.parse(readFileSync(state, 'utf8')) as { readonly policies: object; readonly commands: readonly string[] };
  beforeAll(() => {
    mkdirSync(join(directory, 'bin'));
    symlinkSync(join(projectDirectory, 'test/fixtures/gcloud.mjs'), join(directory, 'bin/gcloud'));
    writeFileSync(state, JSON.stringify({ policies: {}, commands: [] }));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('creates what is not there, and updates it the next time', async () => {
    const words = ['deploy/alerts.mjs', `--project=${project}`, `--channels=${channels}`];
    expect((await run('node', words, env)).code).toBe(0);
    expect(Object.keys(readState().policies)).toHaveLength(files.length);
    const { code, stdout } = await run('node', words, env);
    expect([code, Object.keys(readState().policies).length]).toEqual([0, files.length]);
    expect(readState().commands.filter((command) => command === 'alpha monitoring policies create')).toHaveLength(
      files.length,
    );
    const commands = await readCommands(stdout);
    expect(commands.map(([, , , , verb, name]) => [verb, name])).toEqual(
      Object.values(readState().policies).map((name) => ['update', name]),
    );
    expect(flag(commands[0] ?? [], 'set-notification-channels')).toBe(channels);
  });
});

test.each([
  [['--channels=pager'], '--channels has "pager": expected projects/ID/notificationChannels/NUMBER'],
  [['--colour=red'], "Unknown option '--colour': expected --project, --channels, --prometheus, --dry-run."],
])('%j is a wrong word', async (words, says) => {
  const { code, stderr } = await alerts(...words, `--project=${project}`);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test('--prometheus prints the conditions as rules', async () => {
  const { stdout } = await alerts('--prometheus');
  const { groups } = JSON.parse(stdout) as { readonly groups: readonly [{ readonly rules: readonly object[] }] };
  const policies = files.map((file) => JSON.parse(readFileSync(join(projectDirectory, file), 'utf8')));
  expect(groups[0].rules).toEqual(
    policies.map(({ severity, documentation, conditions: [{ displayName, conditionPrometheusQueryLanguage }] }) => ({
      alert: conditionPrometheusQueryLanguage.alertRule,
      expr: conditionPrometheusQueryLanguage.query,
      for: conditionPrometheusQueryLanguage.duration,
      labels: { severity: severity.toLowerCase() },
      annotations: { summary: displayName, description: documentation.content },
    })),
  );
});
