/**
 * Prepares BigQuery for captures: a bucket of the log that keeps them, a sink that fills it, and views that join them with feedback.
 * With --dry-run it only prints the commands; what already exists is left as it is.
 */
import { readFileSync } from 'node:fs';
import { checkRules, readOptions, runCommand } from '../src/commands/command-line.cjs';
import { print, runUnlessThere } from './run.mjs';

const name = 'onnx-predict-captures';
/** Made by the link: the log as a table. */
const logs = 'onnx_predict_captures_log';

/** Each builds on those before it. */
const views = ['predictions', 'feedback', 'answered', 'quality', 'confusion_matrix', 'calibration', 'features'];

const rules = /** @type {const} */ ({
  project: [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project ID'],
  region: [/^[a-z]+-[a-z]+\d+$/, 'a region such as europe-west1'],
  dataset: [/^\w{1,1024}$/, 'letters, digits and underscores'],
  days: [/^[1-9]\d{0,3}$/, 'a number of days from 1 on'],
});

/** @typedef {{ readonly name: string, readonly labels?: readonly string[], readonly features: readonly Feature[], readonly outputs: readonly Output[] }} Card */
/** @typedef {{ readonly role: string, readonly columns?: readonly string[] }} Output */
/** @typedef {{ readonly name: string, readonly private?: boolean, readonly training?: { readonly quantiles?: Readonly<Record<string, number>> } }} Feature */

/** @param {readonly string[]} words */
function readSettings(words) {
  const { values } = readOptions({
    args: [...words],
    options: {
      project: { type: 'string' },
      region: { type: 'string', default: 'europe-west1' },
      dataset: { type: 'string', default: 'onnx_predict' },
      days: { type: 'string', default: '365' },
      'dry-run': { type: 'boolean', default: false },
      sql: { type: 'boolean', default: false },
    },
  });
  const { project = '' } = values;
  const settings = { ...values, project };
  checkRules(settings, rules);
  return settings;
}

/** @param {string} text */
const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * A path to a member of any name, as BigQuery reads it.
 * @param {...string} members
 */
const pathTo = (...members) => quote(['$', ...members.map((member) => `"${member.replaceAll('"', '\\"')}"`)].join('.'));

/**
 * The statement of each view: names, labels and bins are the card's.
 * @param {Card} card
 * @param {{ readonly dataset: string, readonly logs: string }} places
 */
function toStatements(card, places) {
  const shares = (card.labels ?? []).map((label) => `JSON_VALUE(prediction, ${pathTo('probabilities', label)})`);
  const features = card.features.filter((feature) => feature.private !== true).map(toStruct);
  const values = {
    ...places,
    model: quote(card.name),
    value: pathTo('value', ...findColumns(card)),
    probabilities: `[${shares.length === 0 ? 'CAST(NULL AS STRING)' : shares.join(', ')}]`,
    features: `[\n${features.join(',\n')}\n  ]`,
  };
  return views.map((view) => {
    const text = readFileSync(new URL(`captures/${view}.sql`, import.meta.url), 'utf8');
    return text.replace(/\$\{(\w+)\}/g, (_, key) => values[/** @type {keyof typeof values} */ (key)]);
  });
}

/**
 * A value with a name is the only member of an object.
 * @param {Card} card
 */
const findColumns = ({ outputs }) => outputs.find(({ role }) => role === 'value')?.columns ?? [];

/** @param {Feature} feature */
function toStruct({ name: feature, training }) {
  const edges = [...new Set(Object.values(training?.quantiles ?? {}))].sort((a, b) => a - b);
  const value = `SAFE_CAST(JSON_VALUE(answered.instance, ${pathTo(feature)}) AS FLOAT64)`;
  const bins =
    edges.length === 0
      ? 'CAST([] AS ARRAY<FLOAT64>)'
      : `[${edges.map((edge) => `CAST(${edge} AS FLOAT64)`).join(', ')}]`;
  return `    STRUCT(${quote(feature)} AS name, ${value} AS value, ${bins} AS edges)`;
}

/** @param {ReturnType<typeof readSettings>} settings */
function toCommands({ project, region, dataset, days }) {
  const flags = [`--project=${project}`];
  const filter = 'jsonPayload.capture.id:*';
  return [
    ['gcloud', 'services', 'enable', 'logging.googleapis.com', 'bigquery.googleapis.com', ...flags],
    [
      'gcloud',
      'logging',
      'buckets',
      'create',
      name,
      `--location=${region}`,
      '--enable-analytics',
      `--retention-days=${days}`,
      ...flags,
    ],
    [
      'gcloud',
      'logging',
      'sinks',
      'create',
      name,
      `logging.googleapis.com/projects/${project}/locations/${region}/buckets/${name}`,
      `--log-filter=${filter}`,
      ...flags,
    ],
    ['gcloud', 'logging', 'links', 'create', logs, `--bucket=${name}`, `--location=${region}`, ...flags],
    ['bq', `--project_id=${project}`, `--location=${region}`, 'mk', '--force', '--dataset', `${project}:${dataset}`],
  ];
}

/** @param {readonly string[]} words */
function main(words) {
  const settings = readSettings(words);
  const { project, region, dataset } = settings;
  const card = JSON.parse(readFileSync(new URL('../model/card.json', import.meta.url), 'utf8'));
  const statements = toStatements(card, { dataset: `${project}.${dataset}`, logs: `${project}.${logs}` });
  if (settings.sql) return console.log(statements.join('\n'));
  const query = ['bq', `--project_id=${project}`, `--location=${region}`, 'query', '--use_legacy_sql=false'];
  for (const command of [...toCommands(settings), ...statements.map((statement) => [...query, statement])]) {
    print(command);
    if (!settings['dry-run']) runUnlessThere(command);
  }
}

await runCommand(() => main(process.argv.slice(2)));
