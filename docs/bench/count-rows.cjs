/**
 * Prints the nanoseconds that it takes to count a row for drift, in runs of one row and of many: `npm run bench -- rows`.
 * The shortest of many short times is the work itself, however busy the machine is.
 */
const { join } = require('node:path');

const root = join(__dirname, '../..');
const directory = join(root, 'test/fixtures/models/iris');
const { readCard } = require(join(root, 'dist/model/card/card'));
const { createTensors, rowWidth } = require(join(root, 'dist/model/tensors/tensors'));
const { createDrift } = require(join(root, 'dist/telemetry/drift/drift'));
const { samples } = require(join(directory, 'samples.json'));

const rounds = 300;
const rowsOfRound = 2_000;
const { card } = readCard(directory);

function createCounting(runRows) {
  const drift = createDrift(card);
  const inputs = createTensors(card.inputs, runRows);
  const outputs = createTensors(card.outputs, runRows);
  for (let row = 0; row < runRows; row++) {
    const { instance } = samples[row % samples.length];
    for (const [i, { input, column }] of card.features.entries()) {
      const tensor = card.inputs.findIndex(({ name }) => name === input);
      inputs.data[tensor][row * rowWidth(card.inputs[tensor]) + column] = instance[i];
    }
  }
  return () => {
    for (let done = 0; done < rowsOfRound; done += runRows) drift.count(inputs, outputs);
  };
}

const works = { alone: createCounting(1), together: createCounting(1_000) };
const shortest = { alone: Infinity, together: Infinity };
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(works)) {
    const startedAt = performance.now();
    work();
    shortest[name] = Math.min(shortest[name], performance.now() - startedAt);
  }
}
const toNanoseconds = (ms) => (ms * 1e6) / rowsOfRound;
console.log(JSON.stringify({ alone: toNanoseconds(shortest.alone), together: toNanoseconds(shortest.together) }));
