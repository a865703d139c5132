/** Measures this function beside what people would otherwise deploy: `npm run bench -- all`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, runCommand, UsageError } from '../../src/commands/command-line.cjs';
import { measureForms } from './binary.mjs';
import { measureColdStarts } from './cold-start.mjs';
import { nodeContenders, pythonContenders, root } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { makeDeployedTree, weigh } from './deployed-tree.mjs';
import { describeBusyness, describeEnvironment } from './environment.mjs';
import { setUpFrameworks } from './framework-environments.mjs';
import { frameworkContenders } from './frameworks.mjs';
import { measureHealth } from './health.mjs';
import { chooseLoadGenerator } from './load.mjs';
import { createMeasurements } from './measurements.mjs';
import { measureMemory } from './memory.mjs';
import { fullPlan, lightPlan } from './plan.mjs';
import { publish } from './publish.mjs';
import { setUpPython } from './python.mjs';
import { spaced, toReport, toSummary } from './report.mjs';
import { measureFrameworkSize, measurePythonSize } from './size.mjs';
import { measureThroughput } from './throughput.mjs';
import { measureWatching } from './watching.mjs';

/** Measured in the tree that a deploy leaves. */
const ours = ['function', 'server'];

const startedAt = performance.now();
const say = (line) => console.error(`[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3)} s] ${line}`);

async function main() {
  const { light, write } = readArguments();
  if (!existsSync(join(root, 'dist/server.js'))) throw new Error('There is no dist/: run `npm run build` first.');

  const python = light ? { missing: 'the light run is without Python' } : await setUpPython({ say });
  if (python.missing) say(`the Python peers are left out: ${python.missing}`);
  const frameworks = python.missing ? [] : await setUpFrameworks({ python, say });
  say('the tree of a deploy');
  const directory = await makeDeployedTree();
  const bench = createBench(light ? lightPlan : fullPlan, python, frameworks, directory);
  say(`${bench.load.title}; ${describeBusyness()}`);

  await measureThroughput(bench);
  await measureForms(bench);
  await measureColdStarts(bench);
  await measureMemory(bench);
  await measureHealth(bench);
  await measureWatching(bench);
  const { bytes } = weigh(directory);
  for (const id of ours) bench.measurements.add('size', id, bytes);
  if (!python.missing) measurePythonSize(bench.measurements, python);
  for (const each of installed(frameworks)) measureFrameworkSize(bench.measurements, each);

  const report = toReport({ ...bench, environment: describeEnvironment(bench), notes: toNotes(bench) });
  console.log(`\n${report}\n`);
  if (write) publish({ report, summary: toSummary(bench) });
  say('done');
}

function readArguments() {
  const { values } = readOptions({
    options: { light: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  if (values.light && values.write) throw new UsageError('--light is too short to be published.');
  return values;
}

const installed = (frameworks) => frameworks.filter(({ missing }) => !missing);

function createBench(plan, python, frameworks, directory) {
  const deployed = nodeContenders.map((each) => (ours.includes(each.id) ? { ...each, directory } : each));
  const contenders = python.missing
    ? deployed
    : [...deployed, ...pythonContenders(python), ...frameworkContenders(installed(frameworks), python)];
  return {
    plan,
    python,
    frameworks,
    contenders,
    say,
    cores: splitCores(),
    load: chooseLoadGenerator(),
    measurements: createMeasurements(),
  };
}

function toNotes({ measurements, plan, python, frameworks }) {
  return [
    `Contenders take turns in each round. Figures are medians of ${plan.rounds} rounds (${plan.coldStarts} cold starts), and ratios compare these medians. Where the median of rounds differs, the machine was busy.`,
    'Cold start is the time from spawning the process to its first prediction, with files in the page cache; ' +
      'ours run in a deployed tree with the code cache of its build.',
    `Memory growth compares one process after ${spaced(plan.memoryRequests.few)} and at least ${spaced(plan.memoryRequests.many)} requests.`,
    `Counting for drift takes ${measurements.median('drift ns', 'together').toFixed(0)} ns per row in long runs and ${measurements.median('drift ns', 'alone').toFixed(0)} ns in runs of one row; ` +
      `an explanation takes ${measurements.median('explanation ÷ run', 'server').toFixed(1)} times as long as running the model on its rows.`,
    'Node.js runs with `NODE_OPTIONS=--max-semi-space-size=4`, as deployed; without it, memory grows under load with no benefit.',
    'Every contender logs to /dev/null as it does by default. ONNX Runtime runs without telemetry and with one thread: ' +
      'its default, one thread per core, makes a process on one core several times slower.',
    'Deployed size excludes Node.js and Python; ours includes ONNX Runtime for this platform only, as `gcp-build` leaves it.',
    ...(python.missing ? [`The Python peers are left out: ${python.missing}.`] : []),
    ...frameworks.flatMap(({ id, missing }) => (missing ? [`${id} is left out: ${missing}.`] : [])),
  ];
}

await runCommand(main);
