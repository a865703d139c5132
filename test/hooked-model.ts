/** A model directory with hooks, made of the model that squares a number. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyFiles } from './copy-files';
import { projectDirectory } from './processes';

export const square = join(projectDirectory, 'test/fixtures/models/square');

/** Reads "1.5 cm" and answers an area; other words in the place of the number make it fail in each way there is. */
export const hooks = `
const fail = (message) => { throw Object.assign(new Error(message), { name: 'InputError', pointer: '/side' }); };
exports.before = ({ side, times = 1 }) => {
  const [word, unit] = side.split(' ');
  if (unit !== 'cm') fail('expected a length in cm, got ' + JSON.stringify(side));
  if (word === 'fail') throw new Error('a secret of the hook');
  if (word === 'text') return [word];
  if (word === 'never') return new Promise(() => {});
  const features = { x: Number(word) * times };
  return word.endsWith('.') ? new Promise((resolve) => setImmediate(resolve, features)) : features;
};
exports.after = ({ value }, { side }) => {
  if (side.startsWith('13')) return undefined;
  return Promise.resolve({ area: value, text: side + ' squared' });
};
`;

const text = { type: 'string' };
export const instanceSchema = {
  type: 'object',
  required: ['side'],
  additionalProperties: false,
  properties: { side: { ...text, description: 'A length, as in "1.5 cm".' }, times: { type: 'integer', minimum: 1 } },
};
export const predictionSchema = {
  type: 'object',
  required: ['area', 'text'],
  additionalProperties: false,
  properties: { area: { type: 'number' }, text },
};

export const answerOf = (side: string, times = 1) => ({
  area: (Number.parseFloat(side) * times) ** 2,
  text: `${side} squared`,
});

export const samples = ['1.5 cm', '-2. cm', '3 cm'].map((side) => ({ instance: { side }, prediction: answerOf(side) }));

/** Writes the directory; `card` goes into the part of the card that names the hooks. */
export function writeHookedModel(
  directory: string,
  { source = hooks, file = 'hooks.js', golden = samples as unknown, card = {} } = {},
): void {
  copyFiles(square, directory);
  writeFileSync(join(directory, file), source);
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples: golden }));
  const sha256 = createHash('sha256').update(source).digest('hex');
  const path = join(directory, 'card.json');
  const own = { file, sha256, instance: instanceSchema, prediction: predictionSchema, timeoutMs: 300, ...card };
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), hooks: own }));
}
