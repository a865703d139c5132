/**
 * Times two model directories in turns with the runtime that serves them, one thread: node docs/bench/precision.mjs FIRST SECOND.
 *
 * Prints the microseconds of each for a run of 1 row and of 1 000: the shortest of many short turns, which is the work itself,
 * however busy the machine is.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { createTensors } = require('../../dist/model/tensors/tensors.js');
const { readCard } = require('../../dist/model/card/card.js');
const { toRuntimeType } = require('../../dist/model/tensors/datatypes.js');
const { InferenceSession, Tensor } = require('onnxruntime-node');

const turnMs = 1;
const pairMs = 4_000;

async function createRun(directory, rows) {
  const { card } = readCard(directory);
  const samples = JSON.parse(readFileSync(join(directory, 'samples.json'), 'utf8')).samples;
  const session = await InferenceSession.create(join(directory, 'model.onnx'), { intraOpNumThreads: 1 });
  const { data } = createTensors(card.inputs, rows);
  const width = card.features.length;
  for (let row = 0; row < rows; row++) data[0].set(samples[row % samples.length].instance, row * width);
  const [{ name, datatype }] = card.inputs;
  const feeds = { [name]: new Tensor(toRuntimeType(datatype), data[0], [rows, width]) };
  return () => session.run(feeds);
}

/** Microseconds a run, over many runs. */
async function time(run, count) {
  const startedAt = performance.now();
  for (let done = 0; done < count; done++) await run();
  return ((performance.now() - startedAt) * 1_000) / count;
}

async function comparePair(directories, rows) {
  const runs = await Promise.all(directories.map((directory) => createRun(directory, rows)));
  const counts = [];
  for (const run of runs) {
    await time(run, 20);
    counts.push(Math.max(1, Math.round((turnMs * 1_000) / (await time(run, 20)))));
  }
  const shortest = [Infinity, Infinity];
  const endsAt = performance.now() + pairMs;
  while (performance.now() < endsAt)
    for (const side of [0, 1]) shortest[side] = Math.min(shortest[side], await time(runs[side], counts[side]));
  return shortest;
}

const given = process.argv.slice(2, 4);
const prices = { 1: await comparePair(given, 1), 1000: await comparePair(given, 1_000) };
process.stdout.write(`${JSON.stringify(prices)}\n`);
