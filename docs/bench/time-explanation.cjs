/**
 * Prints how many times as long as a run of its rows an explanation takes, without HTTP: `npm run bench -- explanation`. The
 * shortest of many times is the work itself, however busy the machine is.
 */
const { join } = require('node:path');

const root = join(__dirname, '../..');
const directory = join(root, 'test/fixtures/models/iris');
const { readConfig } = require(join(root, 'dist/config'));
const { createModel } = require(join(root, 'dist/model/model'));
const { createTensors } = require(join(root, 'dist/model/tensors/tensors'));
const { answerExplain } = require(join(root, 'dist/protocols/shared/explained-rows'));
const { samples } = require(join(directory, 'samples.json'));

const rounds = 101;
const model = createModel(readConfig({ MODEL_DIR: directory }));
const event = { rows: 0, queuedAt: 0, runAt: 0, modelMs: 0 };
const rowsOfExplanation = model.card.data.background.length * 2 ** model.card.features.length;
const rows = createTensors(model.card.inputs, rowsOfExplanation);

function explain(instance) {
  return answerExplain(model, { instances: [instance] }, { isGone: () => false, event });
}

function run() {
  return new Promise((resolve, reject) => {
    const end = (failure) => (failure === undefined ? resolve() : reject(failure));
    model.submit({ rows, accept: () => undefined, end, isGone: () => false });
  });
}

async function time(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function main() {
  await model.load();
  const shortest = { explanation: Number.POSITIVE_INFINITY, run: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    const { instance } = samples[round % samples.length];
    shortest.explanation = Math.min(shortest.explanation, await time(() => explain(instance)));
    shortest.run = Math.min(shortest.run, await time(run));
  }
  console.log(shortest.explanation / shortest.run);
  await model.release();
}

void main();
