/** The command-line options of a deploy, with their defaults and rules. */
import { readFileSync } from 'node:fs';
import { checkRules, readOptions, UsageError } from '../src/commands/command-line.cjs';

/** Node.js major of every deploy: the newest that Cloud Run functions offer beyond a preview. */
export const nodeMajor = 24;

/** Service accounts that `npm run deploy -- setup` creates. */
export const accounts = { runtime: 'onnx-predict-runtime', build: 'onnx-predict-build', job: 'onnx-predict-job' };

/** Plain paths within a bucket, which need no quotes in a list of arguments. */
const tableFile = /^(?!\/)(?!.*\.\.\/)[\w./@=+-]+\.(csv|ndjson|jsonl|arrow|arrows)$/i;
const tableEnds = '.csv, .ndjson, .jsonl, .arrow or .arrows';
const bucketName = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

const options = /** @type {const} */ ({
  project: { type: 'string' },
  region: { type: 'string', default: 'europe-west1' },
  name: { type: 'string' },
  api: { type: 'string', default: 'run' },
  image: { type: 'string' },
  bucket: { type: 'string' },
  memory: { type: 'string' },
  cpu: { type: 'string', default: '1' },
  concurrency: { type: 'string', default: '80' },
  'min-instances': { type: 'string', default: '0' },
  'max-instances': { type: 'string', default: '10' },
  timeout: { type: 'string' },
  'allow-unauthenticated': { type: 'boolean', default: false },
  tag: { type: 'string' },
  'no-traffic': { type: 'boolean', default: false },
  http2: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
});

/** What a kind asks for, unless it is told otherwise: a job also holds what the bucket has not taken yet. */
const defaults = {
  function: { memory: '512Mi', timeout: '60s' },
  service: { memory: '512Mi', timeout: '60s' },
  job: { memory: '1Gi', timeout: '60m' },
};

const projectRule = /** @type {const} */ ([/^[a-z][a-z0-9.:-]*$/, 'the ID of a project']);

const rules = /** @type {const} */ ({
  region: [/^[a-z]+-[a-z]+\d+$/, 'a region such as europe-west1'],
  name: [/^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/, 'up to 49 lowercase letters, digits and hyphens, starting with a letter'],
  api: [/^(run|functions)$/, 'run or functions'],
  memory: [/^\d+(Mi|Gi)$/, 'a number followed by Mi or Gi'],
  cpu: [/^(0?\.\d+|[1-8])$/, 'a fraction of one CPU, or an integer from 1 to 8'],
  concurrency: [/^([1-9]\d{0,2}|1000)$/, 'an integer from 1 to 1000'],
  'min-instances': [/^\d+$/, 'an integer of at least 0'],
  'max-instances': [/^[1-9]\d*$/, 'an integer of at least 1'],
  timeout: [/^[1-9]\d*[sm]$/, 'a number followed by s or m'],
});

/** @typedef {'function' | 'service' | 'job'} Kind */
/** @typedef {ReturnType<typeof readSettings>} Settings */

/**
 * Reads a command line that starts with the kind. A wrong value throws an error with the option, the value and the rule.
 * @param {readonly string[]} words
 * @param {(isDryRun: boolean) => string} readProject supplies the project when the command line does not
 */
export function readSettings(words, readProject) {
  const { values, positionals } = readOptions({ args: [...words], options }, 'KIND [TABLE…]');
  const { kind, files } = toKind(positionals);
  const { name = `${readCardName()}-${kind}`, project, memory, timeout, ...rest } = values;
  const own = { memory: memory ?? defaults[kind].memory, timeout: timeout ?? defaults[kind].timeout };
  const settings = { ...rest, ...own, kind, files, name };
  checkRules(settings, rules);
  if (project !== undefined) checkRules({ project }, { project: projectRule });
  checkTogether(settings);
  return { ...settings, project: project ?? readProject(rest['dry-run']) };
}

/**
 * The kind of a deploy and, for a job, the table that it reads and the one that it writes.
 * @param {readonly string[]} words
 * @returns {{ kind: Kind, files: readonly string[] }}
 */
function toKind(words) {
  const [kind, ...files] = words;
  if ((kind === 'function' || kind === 'service') && files.length === 0) return { kind, files };
  if (kind !== 'job')
    throw new UsageError(`Expected function, service or job IN OUT, got ${JSON.stringify(words.join(' '))}.`);
  const wrong = files.find((file) => !tableFile.test(file));
  if (files.length === 2 && wrong === undefined) return { kind, files };
  const got = JSON.stringify(wrong ?? words.join(' '));
  throw new UsageError(`Expected job IN OUT, paths in the bucket that end with ${tableEnds}, got ${got}.`);
}

/** @param {{ kind: Kind, api: string, bucket?: string | undefined, cpu: string, concurrency: string, 'min-instances': string, 'max-instances': string, image?: string | undefined, http2: boolean, tag?: string | undefined, 'no-traffic': boolean }} settings */
function checkTogether({
  kind,
  api,
  bucket,
  cpu,
  concurrency,
  'min-instances': minimum,
  'max-instances': maximum,
  image,
  http2,
  tag,
  'no-traffic': isHidden,
}) {
  if (Number(cpu) < 1 && concurrency !== '1') {
    throw new UsageError(
      `--cpu is ${cpu}: less than one CPU serves one request at a time, expected --concurrency=1, got ${concurrency}.`,
    );
  }
  if (Number(minimum) > Number(maximum))
    throw new UsageError(`--min-instances is ${minimum}: expected at most --max-instances, ${maximum}.`);
  if (kind === 'function' && image !== undefined) throw new UsageError('--image deploys a service, not a function.');
  if (kind === 'function' && http2) throw new UsageError('--http2 deploys a service: functions have no HTTP/2.');
  checkJob(kind, bucket, http2 || isHidden || tag !== undefined);
  if (api !== 'functions') return;
  if (kind !== 'function') throw new UsageError(`--api=functions deploys a function, not a ${kind}.`);
  if (tag !== undefined || isHidden) throw new UsageError('--api=functions supports neither --tag nor --no-traffic.');
}

/**
 * @param {Kind} kind
 * @param {string | undefined} bucket
 * @param {boolean} isServing whether an option asks for what only a server has
 */
function checkJob(kind, bucket, isServing) {
  if (kind !== 'job') {
    if (bucket !== undefined) throw new UsageError('--bucket is of a job.');
    return;
  }
  if (isServing) throw new UsageError('--http2, --tag and --no-traffic are of what serves, not of a job.');
  if (bucket === undefined) throw new UsageError('A job reads and writes a bucket: expected --bucket=NAME.');
  if (bucketName.test(bucket)) return;
  throw new UsageError(
    `--bucket is ${JSON.stringify(bucket)}: expected a name of lowercase letters, digits, dots, hyphens and underscores, without gs://.`,
  );
}

/** @returns {string} */
function readCardName() {
  const card = readFileSync(new URL('../model/card.json', import.meta.url), 'utf8');
  return JSON.parse(card).name.toLowerCase().replace(/[_.]/g, '-');
}
