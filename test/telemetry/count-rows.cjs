/** Prints the nanoseconds a row that counting for drift takes, in runs of one row and of many: `node count-rows.cjs`. */
const { join } = require('node:path');

const root = join(__dirname, '../..');
const directory = join(root, 'test/fixtures/models/iris');
const { readCard } = require(join(root, 'dist/model/card'));
const { createTensors, rowWidth } = require(join(root, 'dist/model/tensors'));
const { createDrift } = require(join(root, 'dist/telemetry/drift'));
const { samples } = require(join(directory, 'samples.json'));

const rows = 500_000;
const { card } = readCard(directory);

function measure(runRows) {
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
  const startedAt = performance.now();
  for (let done = 0; done < rows; done += runRows) drift.count(inputs, outputs);
  return Math.round(((performance.now() - startedAt) * 1e6) / rows);
}

console.log(JSON.stringify({ alone: measure(1), together: measure(1_000) }));
