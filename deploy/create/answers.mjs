/** What a project should be: read from options, asked for on a terminal, or taken as usual. A wrong answer names what was expected. */
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { readOptions, UsageError } from '../../src/commands/command-line.cjs';
import { recognize } from '../../src/commands/foreign-files.cjs';
import { createQuestions } from './questions.mjs';
import { toPackageName } from './rewritten.mjs';
import { hosts, optionalProtocols } from './template.mjs';

const protocols = Object.keys(optionalProtocols);

const options = /** @type {const} */ ({
  onnx: { type: 'string' },
  'trust-pickle': { type: 'string' },
  sample: { type: 'string' },
  name: { type: 'string' },
  hosts: { type: 'string' },
  protocols: { type: 'string' },
  python: { type: 'string' },
  'no-install': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
});

/** @typedef {{ kind: 'example' } | { kind: 'onnx', path: string } | { kind: 'pickle', path: string, sample: string, python: string }} Model */
/**
 * @typedef {object} Wanted
 * @property {string} directory
 * @property {Model} model
 * @property {boolean} isInstalled whether npm runs
 * @property {import('./template.mjs').Answers} answers
 */

/**
 * @param {readonly string[]} words
 * @returns {Promise<Wanted>}
 */
export async function readAnswers(words) {
  const { values, positionals } = readOptions({ args: [...words], options }, '[DIRECTORY]');
  requirePickle(values);
  const questions = createQuestions(process.stdin.isTTY === true && !values.yes);
  try {
    const directory = resolve(
      await questions.ask(positionals[0], { text: 'Directory', usual: undefined, read: toDirectory }),
    );
    const model = await readModel(values, questions);
    const usual = toPackageName(basename(directory));
    const name = await questions.ask(values.name, { text: 'Name of the model', usual, read: toModelName });
    const list = { usual: hosts.join(','), read: toList('hosts', hosts, 1) };
    const chosen = await questions.ask(values.hosts, { text: `Hosts (${hosts.join(', ')})`, ...list });
    const others = { usual: protocols.join(','), read: toList('protocols', protocols, 0) };
    const spoken = await questions.ask(values.protocols, {
      text: `Protocols beside KServe V1 and V2, or none`,
      ...others,
    });
    const answers = { name, hosts: chosen, protocols: spoken, hasPackager: model.kind === 'pickle' };
    if (model.kind === 'pickle' && values['no-install'])
      throw new UsageError('--no-install cannot go with --trust-pickle: what is packaged is checked by the endpoint.');
    return { directory, model, isInstalled: !values['no-install'], answers };
  } finally {
    questions.close();
  }
}

/**
 * @param {{ onnx?: string, 'trust-pickle'?: string, sample?: string, python?: string }} given
 * @param {ReturnType<typeof createQuestions>} questions
 * @returns {Promise<Model>}
 */
async function readModel({ onnx, 'trust-pickle': pickle, sample, python = 'python3' }, questions) {
  if (onnx !== undefined && pickle !== undefined) throw new UsageError('Expected --onnx or --trust-pickle, got both.');
  const text = 'ONNX file, or pickle of an estimator (empty: the Iris example)';
  const path = pickle ?? (await questions.ask(onnx, { text, usual: '', read: toModelFile }));
  if (path === '') return { kind: 'example' };
  if (pickle === undefined && !isPickle(path)) return { kind: 'onnx', path: resolve(toOnnx(path)) };
  if (pickle === undefined) {
    const trust = `${path} is a pickle: loading it runs code from it. Do you trust it? (yes, no)`;
    if (!(await questions.ask(undefined, { text: trust, usual: 'no', read: toYes })))
      throw new UsageError(`${path} is a pickle, and loading it runs code from it: pass it by --trust-pickle.`);
  }
  const rows = await questions.ask(sample, {
    text: 'CSV file of rows it was fitted with',
    usual: undefined,
    read: toFile('--sample'),
  });
  return { kind: 'pickle', path: resolve(toFile('--trust-pickle')(path)), sample: resolve(rows), python };
}

/**
 * A pickle may still be named on the terminal.
 * @param {{ onnx?: string, sample?: string, python?: string }} given
 */
function requirePickle({ onnx, sample, python }) {
  if (onnx === undefined) return;
  const [option] = Object.entries({ sample, python }).find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined) throw new UsageError(`--${option} is of a pickle: expected --trust-pickle, got --onnx.`);
}

/** @param {string} word */
function toDirectory(word) {
  if (word === '') throw new UsageError('Expected a directory for the project, got none: npm run create -- DIRECTORY');
  return word;
}

/** @param {string} path */
function toModelFile(path) {
  return path === '' ? path : toFile('--onnx')(path);
}

/** @param {string} option */
function toFile(option) {
  return (/** @type {string} */ path) => {
    if (path === '') throw new UsageError(`Expected a file for ${option}, got none.`);
    if (!existsSync(path)) throw new UsageError(`${option}: ${path} does not exist.`);
    if (!statSync(path).isFile()) throw new UsageError(`${option}: expected a file, ${path} is a directory.`);
    return path;
  };
}

/** @param {string} path */
function isPickle(path) {
  return /\.(pkl|pickle|joblib)$/i.test(path);
}

/**
 * ONNX Runtime has the last word; this tells within a moment what it would tell after an installation.
 * @param {string} path
 */
function toOnnx(path) {
  const what = recognize(path);
  if (what !== undefined) throw new UsageError(`--onnx: expected an ONNX file, ${path} is ${what}.`);
  return path;
}

/** @param {string} word as the rule of a card's name */
function toModelName(word) {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(word)) return word;
  throw new UsageError(
    `--name is ${JSON.stringify(word)}: expected up to 128 letters, digits, "-", "_" and ".", starting with a letter or digit.`,
  );
}

/** @param {string} word */
function toYes(word) {
  if (/^(y|yes|n|no)$/i.test(word)) return /^y/i.test(word);
  throw new UsageError(`Expected yes or no, got ${JSON.stringify(word)}.`);
}

/**
 * @param {string} option
 * @param {readonly string[]} known
 * @param {number} least
 */
function toList(option, known, least) {
  return (/** @type {string} */ text) => {
    const words = text === 'none' ? [] : text.split(/[\s,]+/).filter(Boolean);
    const strange = words.find((word) => !known.includes(word));
    const expected = `expected ${known.join(', ')}, with commas between them${least === 0 ? ', or none' : ''}`;
    if (strange !== undefined) throw new UsageError(`--${option} has ${JSON.stringify(strange)}: ${expected}.`);
    if (words.length < least) throw new UsageError(`--${option} is empty: ${expected}.`);
    return known.filter((name) => words.includes(name));
  };
}
