/** The record of a comparison to the document that tells it. */
import { nodeMajor } from '../../deploy/settings.mjs';
import { spaced } from '../bench/report.mjs';
import { choices } from './choices.mjs';
import { instance, keptMonth, prices, toShareOfInstance } from './costs.mjs';
import { toShort } from './prose.mjs';
import { dollars, toCostTables, toCrowdTables, toMeasuredTables } from './tables.mjs';

/** Requests a second that keep an instance busy in every step of billed time. */
const busyRate = 100;

export function drawDocument(record) {
  const { machine, plan } = record;
  return `# Function, service, FastAPI

The same model behind each server: this package as a Cloud Function (functions-framework on \`dist/index.cjs\`) and as a
Cloud Run service (\`node dist/server.js\`), both from the tree that a deploy leaves; the FastAPI server with
scikit-learn with which the project began; that server with ONNX Runtime in its place; and the model servers LitServe,
BentoML, MLServer and MLflow, each as its guide starts it with one worker and in an environment of its own pins
(\`docs/bench/peers\`). Those that cannot be installed are left out.
${toQuickWarning(machine)}
${toMachine(machine)}

## In short

${toShort(record)}

## What was measured

${toMeasuredTables(record)}

${toPicture('starts', 'Every start of each server, in seconds.')}

${toPicture('latency', 'Latency of one request at a time by percentile, in milliseconds.')}

## Many connections

Answers a second; p50, p99 ms. Every answer had status 200: any other ends the comparison.

${toCrowdTables(record)}

${toPicture('connections', 'Answers a second by number of connections.')}

## What it costs

Prices are inputs: ${prices.currency}, ${prices.billing} billing, ${instance.region} (${prices.tier}), as of ${prices.date}, from
<${prices.source}>; \`docs/compare/prices.json\` holds them. Check them before you count on them.

| input | |
|---|--:|
| vCPU-second, GiB-second | $${plain(prices.vcpuSecond)}, $${plain(prices.gibSecond)} |
| the same of an idle instance that \`--min-instances\` keeps | $${plain(prices.idleVcpuSecond)}, $${plain(prices.idleGibSecond)} |
| a million requests | ${dollars(prices.millionRequests)} |
| time is billed in steps of | ${prices.stepSeconds * 1_000} ms |
| an instance of the deploy recipes | ${instance.vcpus} vCPU, ${instance.gibibytes} GiB |

${toCostTables(record)}

${toPicture('cost', 'Requests for a dollar in three situations.')}

At full load an instance is never idle and answers as many as its core can. Cloud Run adds instances before that, at 60 %
of CPU, so that a real bill is higher, for all of them alike. With less load an instance is billed for each step in which
it has a request: at ${busyRate} evenly spread requests a second a million costs ${dollars(toShareOfInstance(busyRate) * 1e6)} without the fee, whichever server runs, as
long as one instance is enough. One at a time, a request has a warm instance for itself. With
a start, it also pays for the start of the process; the platform's own part of a cold start is not in here. Idle
instances cost nothing, unless \`--min-instances\` keeps them: ${dollars(keptMonth)} a month each. The free
tier, networks and builds are left out.

## What each lets you control

${choices}

## How it was measured

- Servers run on one core and the clients on another${machine.isPinned ? '' : ' (not in this run: both share the cores)'}. Contenders take turns in every round, so that what disturbs one
  disturbs all.
- **Starts**: ${plan.starts} of each, from the spawn of the process to its first right prediction, files in the page cache, with the
  code cache of the build. What a platform adds (scheduling, image, network) is the same for all and not in here.
- **A second instance** starts on the same core while the first answers 20 requests a second: median of ${plan.secondStarts}. On Cloud Run it
  has a core of its own.
- **Library and artifact**: each loads in a fresh process, median of ${plan.artifactLoads}. Ours includes the hash of the weights and the golden
  samples; that of scikit-learn is a pickle.
- **One request at a time**: a closed loop of ${spaced(plan.lightTurns)} turns; in each, every server gets one request over a kept connection while
  the others are idle. It finds the processor's caches as the others have left them, as after a pause.
- **Many connections**: closed loops of ${machine.load}, one row a request, median of ${plan.crowdRounds} rounds.
- **Memory** is what is resident, of the process and its children, after a start and after all those connections.
- **Deployed** is without Node.js or Python: the tree that \`npm run gcp-build\` and npm's pruning leave, with the code cache where there is one, for the service
  without functions-framework; for FastAPI its packages as pip installs them.
- **SIGTERM** comes while 16 connections ask, ${plan.endings} times, each time at another moment; no request is sent after it. Cloud Run seldom ends an instance that has
  requests; then this is what callers see.

## Again

\`\`\`sh
npm run compare             # measures for some minutes, then draws; Node.js ${nodeMajor} is what a deploy runs
npm run compare -- --draw   # draws this document and its charts from comparison.json
\`\`\`
`;
}

function toQuickWarning({ isQuick }) {
  return isQuick ? '\n**This is a quick run, which is for development: too short for figures.**\n' : '';
}

function toMachine({ date, processor, cores, gibibytes, node, python, load, busyness }) {
  const parts = [
    `${processor}, ${cores} cores, ${gibibytes} GiB`,
    `Node.js ${node}`,
    ...(python === undefined ? [] : [`Python ${python}`]),
    load,
    `load average before the run ${busyness}`,
    date,
  ];
  return `Measured on ${parts.join('; ')}.`;
}

function toPicture(name, alternative) {
  return [
    '<picture>',
    `<source media="(prefers-color-scheme: dark)" srcset="comparison-${name}-dark.svg">`,
    `<img src="comparison-${name}.svg" width="640" alt="${alternative}">`,
    '</picture>',
  ].join('\n');
}

const plain = (price) => price.toFixed(8).replace(/0+$/, '');
