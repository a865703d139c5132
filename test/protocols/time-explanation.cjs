/** Prints the median milliseconds of an explanation without HTTP: `node time-explanation.cjs`. */
const { join } = require('node:path');

const root = join(__dirname, '../..');
const directory = join(root, 'test/fixtures/models/iris');
const { readConfig } = require(join(root, 'dist/config'));
const { createModel } = require(join(root, 'dist/model/model'));
const { explainInstances } = require(join(root, 'dist/protocols/explain'));
const { samples } = require(join(directory, 'samples.json'));

const rounds = 101;
const model = createModel(readConfig({ MODEL_DIR: directory }));
const event = { rows: 0, queuedAt: 0, runAt: 0, modelMs: 0 };

function explain(instance) {
  return new Promise((resolve, reject) => {
    explainInstances(model, { instances: [instance] }, { isGone: () => false, event }, (outcome) =>
      outcome instanceof Error ? reject(outcome) : resolve(outcome),
    );
  });
}

async function main() {
  await model.load();
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await explain(samples[round % samples.length].instance);
    times.push(performance.now() - startedAt);
  }
  console.log(times.sort((a, b) => a - b)[(rounds - 1) / 2]);
  await model.release();
}

void main();
