/**
 * Plays a gardener in docs/tutorials/once-around-the-loop.md: `node docs/tutorials/garden.mjs ask COUNT [SCALE]` measures flowers and asks
 * the endpoint about each, `tell` says what they turned out to be. The same flowers grow each time.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const url = process.env.ENDPOINT ?? 'http://localhost:8080';
/** What was asked, to be told: kept between the two commands. */
const notes = 'garden.json';

/** Means and standard deviations of sepal length, sepal width, petal length and petal width, in cm. */
const species = {
  setosa: [5.01, 0.35, 3.43, 0.38, 1.46, 0.17, 0.25, 0.11],
  versicolor: [5.94, 0.52, 2.77, 0.31, 4.26, 0.47, 1.33, 0.2],
  virginica: [6.59, 0.64, 2.97, 0.32, 5.55, 0.55, 2.03, 0.27],
};
const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

/** @param {number} seed */
function createRandom(seed) {
  let state = seed;
  // Mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Flowers as a ruler shows them that is wrong by a factor. */
function grow(seed, count, scale) {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, i) => {
    const label = Object.keys(species)[i % 3];
    const parameters = species[label];
    const measured = names.map((name, at) => {
      const value = parameters[2 * at] + normal() * parameters[2 * at + 1];
      return [name, Math.max(1, Math.round(value * scale * 10)) / 10];
    });
    return { instance: Object.fromEntries(measured), label };
  });
}

async function post(path, body, headers = {}) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 200)
    throw new Error(`${path}: expected 200, got ${response.status}: ${await response.text()}`);
  return response.json();
}

const readNotes = () => (existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : []);

async function ask(count, scale) {
  const noted = readNotes();
  const flowers = grow(noted.length + 1, count, scale);
  for (const [i, { instance, label }] of flowers.entries()) {
    const id = `flower-${noted.length}`;
    const { predictions } = await post('/predict', { instances: [instance] }, { 'prediction-id': id });
    noted.push({ id, label });
    if (i < 3) console.log(JSON.stringify(instance), predictions[0].label);
  }
  writeFileSync(notes, JSON.stringify(noted));
  console.log(`${count} flowers asked`);
}

async function tell() {
  const { accepted } = await post('/v1/models/iris:feedback', { feedback: readNotes() });
  console.log(`${accepted} flowers told`);
}

async function main([command, count = '90', scale = '1']) {
  if (command === 'ask') return ask(Number(count), Number(scale));
  if (command === 'tell') return tell();
  throw new TypeError('usage: node docs/tutorials/garden.mjs ask COUNT [SCALE] | tell');
}

await main(process.argv.slice(2));
