/** Puts the model into a new project: the example, what `inspect` drafts of an ONNX file, what the packager makes of a pickle. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './programs.mjs';
import { readSource } from './source.mjs';
import { exampleModel } from './template.mjs';

/** @typedef {import('./answers.mjs').Model} Model */

/**
 * @param {string} directory
 * @param {{ model: Model, name: string, isInstalled: boolean }} wanted
 */
export async function addModel(directory, { model, name, isInstalled }) {
  // First the example, whatever follows: nothing builds without a card.
  for (const path of exampleModel) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), readSource(path));
  }
  if (model.kind === 'example') nameCard(directory, name);
  if (model.kind === 'example' || !isInstalled) return;
  console.error('Building…');
  await run('npm', ['run', '--silent', 'build'], { cwd: directory });
  if (model.kind === 'onnx') {
    console.error(`Reading ${model.path}…`);
    await run(process.execPath, ['dist/commands/model/main.js', 'inspect', model.path, '--out', 'model', '--force'], {
      cwd: directory,
    });
    nameCard(directory, name);
  } else await packagePickle(directory, model, name);
}

const requirements = 'model/training/packager/requirements.txt';

/**
 * @param {string} directory
 * @param {Model & { kind: 'pickle' }} model
 * @param {string} name
 */
async function packagePickle(directory, { path, sample, python }, name) {
  console.error(`Packaging ${path}…`);
  const about = join(directory, 'model/training/about.json');
  const described = { description: `Packaged from ${basename(path)}.`, intendedUse: 'To be completed by the owner.' };
  writeFileSync(about, `${JSON.stringify({ name, title: name, ...described }, null, 2)}\n`);
  await run(
    python,
    ['model/training/package_model.py', '--trust-pickle', path, '--sample', sample, '--about', about, '--out', 'model'],
    {
      cwd: directory,
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      cure: `--python names a Python with the packages of ${requirements} and of the estimator.`,
    },
  );
}

/**
 * @param {string} directory
 * @param {string} name
 */
function nameCard(directory, name) {
  const path = join(directory, 'model/card.json');
  const text = readFileSync(path, 'utf8');
  const card = JSON.parse(text);
  if (card.name === name) return;
  // Edited as text: the card is laid out by hand.
  writeFileSync(
    path,
    text.replace(`"name": ${JSON.stringify(card.name)}`, () => `"name": ${JSON.stringify(name)}`),
  );
}

/**
 * @param {string} place
 * @param {{ directory: string, model: Model, isInstalled: boolean }} made
 */
export function nextSteps(place, { directory, model, isInstalled }) {
  const enter = place === '.' ? [] : [`cd ${quote(place)}`];
  const installed = isInstalled ? [] : ['npm ci'];
  const inspected =
    model.kind === 'onnx' && !isInstalled ? [`npm run model -- inspect ${quote(model.path)} --out model --force`] : [];
  const steps = [...enter, ...installed, ...inspected, 'npm start', 'npm test'];
  return [...steps.map((step) => `    ${step}`), ...describeRest(directory, model)];
}

/**
 * What only its owner knows of a model.
 * @param {string} directory
 * @param {Model} model
 */
function describeRest(directory, model) {
  if (model.kind === 'example') return [];
  if (model.kind === 'pickle')
    return ['', 'Say in model/training/about.json and model/card.json what the model is for.'];
  const { samples } = JSON.parse(readFileSync(join(directory, 'model/samples.json'), 'utf8'));
  const isServed = samples.length > 0;
  return [
    '',
    'Complete what model/card.json marks TODO, and put rows of your data with the predictions of the library that trained the',
    `model into model/samples.json${isServed ? '' : ': until there is one, the endpoint starts and does not predict'}. \`npm run model -- check\` says what is left.`,
  ];
}

/** @param {string} word */
function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
