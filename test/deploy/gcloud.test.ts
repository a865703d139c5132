/** gcloud takes every command of this project as it is printed, flags and values. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../processes';
import { describeWithGcloud, jobs, printDeploy, printOne, project, readCommands, recipes, run } from './commands';

describeWithGcloud('gcloud', () => {
  let nobody: string;
  beforeAll(() => {
    nobody = mkdtempSync(join(tmpdir(), 'nobody-'));
  });
  afterAll(() => rmSync(nobody, { recursive: true }));

  /** What gcloud says to a command when nobody is logged in: it parses the whole command before it asks who calls. */
  async function sayTo(command: readonly string[]): Promise<string> {
    const env = {
      HOME: nobody,
      CLOUDSDK_CONFIG: nobody,
      CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
      CLOUDSDK_CORE_PROJECT: project,
      CLOUDSDK_RUN_REGION: 'europe-west1',
    };
    const [program = '', ...words] = command;
    return (await run(program, [...words, '--quiet'], env)).stderr;
  }

  test('refuses an unknown flag before it asks who calls', async () => {
    const command = await printOne(['function']);
    expect(await sayTo([...command, '--colour=red'])).toContain('unrecognized arguments: --colour=red');
  });

  test.each(recipes)('takes every flag and value of deploy $words', async ({ words }) => {
    expect(await sayTo(await printOne(words))).toContain('You do not currently have an active account selected');
  });

  test.each(jobs)('takes the commands of deploy $words', async ({ words }) => {
    const commands = await printDeploy(...words);
    expect(commands.map((command) => command.slice(0, 4).join(' '))).toEqual([
      'gcloud storage buckets add-iam-policy-binding',
      'gcloud run jobs deploy',
    ]);
    for (const command of commands) expect(await sayTo(command)).toContain('active account');
  });

  test('takes every command that prepares a project', async () => {
    const options = ['--project=a-project', '--repository=owner/name', '--service=one', '--dry-run'];
    const { stdout } = await run('bash', ['deploy/setup.sh', ...options]);
    const commands = await readCommands(stdout);
    expect(commands.length).toBeGreaterThan(10);
    for (const command of distinct(commands)) expect(await sayTo(command)).toContain('active account');
  });

  test('takes every command that creates alerts', async () => {
    const { stdout } = await run('node', ['deploy/alerts.mjs', `--project=${project}`, '--dry-run']);
    for (const command of await readCommands(stdout)) expect(await sayTo(command)).toContain('active account');
  });

  test('takes every command of the workflow', async () => {
    const workflow = readFileSync(join(projectDirectory, '.github/workflows/deploy.yml'), 'utf8');
    const commands = [...workflow.matchAll(/gcloud [^|\n]+/g)].map(([text]) => text.replace(/"\$SERVICE"/, 'one'));
    expect(commands.length).toBeGreaterThanOrEqual(4);
    const said = distinct(await readCommands(commands.join('\n'))).map((command) => sayTo(command));
    for (const text of await Promise.all(said)) expect(text).toContain('active account');
  });
});

/** Commands that differ in more than the values of their flags. */
function distinct(commands: readonly string[][]): readonly string[][] {
  const byShape = commands.map(
    (command) => [command.map((word) => word.replace(/=.*/, '')).join(' '), command] as const,
  );
  return [...new Map(byShape).values()];
}
