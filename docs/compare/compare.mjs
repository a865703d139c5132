/**
 * Compares both hosts with FastAPI: measures into `docs/comparison.json` and draws the document and its charts from it.
 * `npm run compare -- --help` has the options, CONTRIBUTING what a run that may be published needs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asksForHelp, readOptions, runCommand } from '../../src/commands/command-line.cjs';
import { root } from '../bench/contenders.mjs';
import { splitCores } from '../bench/cores.mjs';
import { leaveOutFunction, makeDeployedTree, weigh } from '../bench/deployed-tree.mjs';
import { setUpFrameworks } from '../bench/framework-environments.mjs';
import { chooseLoadGenerator } from '../bench/load.mjs';
import { createMeasurements } from '../bench/measurements.mjs';
import { findInstalledPython, setUpPython } from '../bench/python.mjs';
import { measureArtifacts } from './artifacts.mjs';
import { createCompared } from './compared.mjs';
import { draw } from './draw.mjs';
import { measureEndings } from './endings.mjs';
import { fullPlan, quickPlan } from './plan.mjs';
import { describeMachine, toRecord } from './record.mjs';
import { measureSecondStarts, measureStarts } from './starts.mjs';
import { measureWarm } from './warm.mjs';

const usage = `usage: npm run compare -- [--quick] [--draw] [--to=DIRECTORY]

Measures, writes comparison.json, and draws comparison.md and its charts from it, in docs/ by default.
--quick takes seconds and is for testing the tool; --draw only draws.`;

const startedAt = performance.now();
const say = (line) => console.error(`[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3)} s] ${line}`);

async function main() {
  if (asksForHelp(process.argv.slice(2))) return console.log(usage);
  const { quick, draw: isDrawnOnly, to } = readArguments();
  const file = join(to, 'comparison.json');
  if (!isDrawnOnly) writeFileSync(file, `${JSON.stringify(await measure(quick), undefined, 1)}\n`);
  for (const [name, text] of draw(JSON.parse(readFileSync(file, 'utf8')))) writeFileSync(join(to, name), text);
  say(`wrote comparison.md and its charts into ${to}`);
}

const options = {
  quick: { type: 'boolean', default: false },
  draw: { type: 'boolean', default: false },
  to: { type: 'string', default: join(root, 'docs') },
};

function readArguments() {
  const { values } = readOptions({ options });
  return { ...values, to: resolve(values.to) };
}

async function measure(isQuick) {
  if (!existsSync(join(root, 'dist/server.js'))) throw new Error('There is no dist/: run `npm run build` first.');
  const python = isQuick ? findInstalledPython() : await setUpPython({ say });
  if (python.missing) say(`FastAPI is left out: ${python.missing}`);
  const frameworks = python.missing || isQuick ? [] : await setUpFrameworks({ python, say });
  const installed = frameworks.filter(({ missing }) => !missing);
  say('the tree of a deploy');
  const directory = await makeDeployedTree();
  const bench = {
    plan: isQuick ? quickPlan : fullPlan,
    python,
    directory,
    frameworks: installed,
    contenders: createCompared(directory, python, installed),
    say,
    cores: splitCores(),
    load: chooseLoadGenerator(),
    measurements: createMeasurements(),
  };
  const machine = describeMachine(bench, isQuick);
  await measureStarts(bench);
  await measureSecondStarts(bench);
  await measureWarm(bench);
  await measureEndings(bench);
  await measureArtifacts(bench);
  const ourSizes = { function: weigh(directory) };
  leaveOutFunction(directory);
  return toRecord(bench, machine, { ...ourSizes, server: weigh(directory) });
}

await runCommand(main);
