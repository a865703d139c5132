/** The command-line options of a deploy, with their defaults and rules. */
import { readFileSync } from 'node:fs';
import { readOptions, UsageError } from './command-line.mjs';

/** Node.js major of every deploy: the newest that Cloud Run functions offer beyond a preview. */
export const nodeMajor = 24;

/** Service accounts that `npm run deploy -- setup` creates. */
export const accounts = { runtime: 'onnx-predict-runtime', build: 'onnx-predict-build' };

const options = /** @type {const} */ ({
  project: { type: 'string' },
  region: { type: 'string', default: 'europe-west1' },
  name: { type: 'string' },
  api: { type: 'string', default: 'run' },
  image: { type: 'string' },
  memory: { type: 'string', default: '512Mi' },
  cpu: { type: 'string', default: '1' },
  concurrency: { type: 'string', default: '80' },
  'min-instances': { type: 'string', default: '0' },
  'max-instances': { type: 'string', default: '10' },
  timeout: { type: 'string', default: '60s' },
  'allow-unauthenticated': { type: 'boolean', default: false },
  tag: { type: 'string' },
  'no-traffic': { type: 'boolean', default: false },
  http2: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
});

const rules = /** @type {const} */ ({
  name: [/^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/, 'up to 49 lowercase letters, digits and hyphens, starting with a letter'],
  api: [/^(run|functions)$/, 'run or functions'],
  memory: [/^\d+(Mi|Gi)$/, 'a number followed by Mi or Gi'],
  cpu: [/^(0?\.\d+|[1-8])$/, 'a fraction of one CPU, or an integer from 1 to 8'],
  concurrency: [/^[1-9]\d{0,3}$/, 'an integer from 1 to 9999'],
  'min-instances': [/^\d+$/, 'an integer of at least 0'],
  'max-instances': [/^[1-9]\d*$/, 'an integer of at least 1'],
  timeout: [/^[1-9]\d*[sm]$/, 'a number followed by s or m'],
});

/** @typedef {'function' | 'service'} Kind */
/** @typedef {ReturnType<typeof readSettings>} Settings */

/**
 * Reads a command line that starts with the kind. A wrong value throws an error with the option, the value and the rule.
 * @param {readonly string[]} words
 * @param {(isDryRun: boolean) => string} readProject supplies the project when the command line does not
 */
export function readSettings(words, readProject) {
  const { values, positionals } = readOptions({ args: [...words], options, allowPositionals: true });
  const kind = toKind(positionals);
  const { name = `${readCardName()}-${kind}`, project, ...rest } = values;
  const settings = { ...rest, kind, name };
  for (const [option, [pattern, rule]] of Object.entries(rules)) {
    const value = settings[/** @type {keyof typeof rules} */ (option)];
    if (!pattern.test(value)) throw new UsageError(`--${option} is ${JSON.stringify(value)}: expected ${rule}.`);
  }
  checkTogether(settings);
  return { ...settings, project: project ?? readProject(rest['dry-run']) };
}

/**
 * @param {readonly string[]} words
 * @returns {Kind}
 */
function toKind(words) {
  const [kind, ...others] = words;
  if ((kind === 'function' || kind === 'service') && others.length === 0) return kind;
  throw new UsageError(`Expected function or service, got ${JSON.stringify(words.join(' '))}.`);
}

/** @param {{ kind: Kind, api: string, cpu: string, concurrency: string, image?: string | undefined, http2: boolean, tag?: string | undefined, 'no-traffic': boolean }} settings */
function checkTogether({ kind, api, cpu, concurrency, image, http2, tag, 'no-traffic': isHidden }) {
  if (Number(cpu) < 1 && concurrency !== '1') {
    throw new UsageError(
      `--cpu is ${cpu}: less than one CPU serves one request at a time, expected --concurrency=1, got ${concurrency}.`,
    );
  }
  if (kind === 'function' && image !== undefined) throw new UsageError('--image deploys a service, not a function.');
  if (kind === 'function' && http2) throw new UsageError('--http2 deploys a service: functions have no HTTP/2.');
  if (api !== 'functions') return;
  if (kind === 'service') throw new UsageError('--api=functions deploys a function, not a service.');
  if (tag !== undefined || isHidden) throw new UsageError('--api=functions supports neither --tag nor --no-traffic.');
}

/** @returns {string} */
function readCardName() {
  const card = readFileSync(new URL('../model/card.json', import.meta.url), 'utf8');
  return JSON.parse(card).name.toLowerCase().replace(/[_.]/g, '-');
}
