/** Creates the alert policies of deploy/alerts in Cloud Monitoring, or prints them as rules for Prometheus. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readOptions, runCommand, UsageError } from '../src/commands/command-line.cjs';
import { print, readProject, run } from './run.mjs';

/**
 * @typedef {object} Policy
 * @property {string} displayName
 * @property {string} severity
 * @property {{ content: string }} documentation
 * @property {readonly { displayName: string, conditionPrometheusQueryLanguage: { query: string, duration: string, alertRule: string } }[]} conditions
 */

const options = /** @type {const} */ ({
  project: { type: 'string' },
  channels: { type: 'string' },
  prometheus: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
});

const directory = new URL('alerts/', import.meta.url);
const files = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .sort();

/**
 * @param {string} file
 * @returns {Policy}
 */
const read = (file) => JSON.parse(readFileSync(new URL(file, directory), 'utf8'));

/** The same conditions as a file of rules: JSON is YAML. */
function toRules() {
  const rules = files.map(read).flatMap(({ severity, documentation, conditions }) =>
    conditions.map(({ displayName, conditionPrometheusQueryLanguage: { query, duration, alertRule } }) => ({
      alert: alertRule,
      expr: query,
      for: duration,
      labels: { severity: severity.toLowerCase() },
      annotations: { summary: displayName, description: documentation.content },
    })),
  );
  return { groups: [{ name: 'onnx-predict', rules }] };
}

/**
 * The policy that is there already; undefined if none is.
 * @param {string} name
 * @param {string} project
 */
function findPolicy(name, project) {
  const words = ['alpha', 'monitoring', 'policies', 'list', `--project=${project}`, `--filter=displayName="${name}"`];
  const { status, stdout, stderr, error } = spawnSync('gcloud', [...words, '--format=value(name)'], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error(`Cannot start gcloud: ${error.message}`);
  if (status !== 0) throw new Error(`gcloud cannot list the alert policies of ${project}: ${stderr.trim()}`);
  return stdout.split('\n').find((line) => line !== '');
}

/**
 * @param {string} file
 * @param {string} project
 * @param {readonly string[]} channels
 * @param {string | undefined} known
 */
function toCommand(file, project, channels, known) {
  const verb = known === undefined ? ['create'] : ['update', known];
  const flag = known === undefined ? '--notification-channels' : '--set-notification-channels';
  return [
    ...[
      'gcloud',
      'alpha',
      'monitoring',
      'policies',
      ...verb,
      `--project=${project}`,
      `--policy-from-file=deploy/alerts/${file}`,
    ],
    ...(channels.length === 0 ? [] : [`${flag}=${channels.join(',')}`]),
  ];
}

await runCommand(() => {
  const { values } = readOptions({ args: process.argv.slice(2), options });
  const { prometheus, 'dry-run': isDryRun } = values;
  if (prometheus) return console.log(JSON.stringify(toRules(), undefined, 2));
  const channels = values.channels?.split(',') ?? [];
  const wrong = channels.find((channel) => !/^projects\/[^/]+\/notificationChannels\/\d+$/.test(channel));
  if (wrong !== undefined)
    throw new UsageError(
      `--channels has ${JSON.stringify(wrong)}: expected projects/ID/notificationChannels/NUMBER, separated by commas.`,
    );
  const project = values.project ?? readProject(isDryRun);
  for (const file of files) {
    const known = isDryRun ? undefined : findPolicy(read(file).displayName, project);
    const command = toCommand(file, project, channels, known);
    print(command);
    if (!isDryRun) run(command);
  }
});
