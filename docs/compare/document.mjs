/** The record of a comparison to the document that tells it. */
import { nodeMajor } from '../../deploy/settings.mjs';
import { spaced } from '../bench/report.mjs';
import { choices } from './choices.mjs';
import { instance, prices, toShareOfInstance } from './costs.mjs';
import { toShort } from './prose.mjs';
import { dollars, toCostTables, toCrowdTables, toMeasuredTables } from './tables.mjs';

/** Requests a second that keep an instance busy in every step of billed time. */
const busyRate = 100;

export function drawDocument(record) {
  const { machine, plan } = record;
  return `# Function, service, FastAPI

All servers run the same model: this package as a Cloud Function (functions-framework on \`dist/index.cjs\`) and as a
Cloud Run service (\`node dist/server.js\`), both from the tree that a deploy leaves; the FastAPI server with
scikit-learn that this project started from; the same server with ONNX Runtime; and the model servers LitServe,
BentoML, MLServer and MLflow, each started as in its guide, with one worker, in its own pinned environment
(\`docs/bench/peers\`). Servers that cannot be installed are left out.
${toQuickWarning(machine)}
${toMachine(machine)}

## In short

${toShort(record)}

## What was measured

${toMeasuredTables(record)}

${toPicture('starts', 'Every start of each server, in seconds.')}

${toPicture('latency', 'Latency of one request at a time by percentile, in milliseconds.')}

## Many connections

Requests per second; p50, p99 in ms. A status other than 200 ends the comparison.

${toCrowdTables(record)}

${toPicture('connections', 'Requests per second by number of connections.')}

## What it costs

Prices are for ${prices.billing} billing in ${instance.region} (${prices.tier}), in ${prices.currency}, as of ${prices.date}, from
<${prices.source}>. Check them, and change them in \`docs/compare/prices.json\`.

| input | |
|---|--:|
| vCPU-second, GiB-second | $${plain(prices.vcpuSecond)}, $${plain(prices.gibSecond)} |
| the same for an idle instance kept by \`--min-instances\` | $${plain(prices.idleVcpuSecond)}, $${plain(prices.idleGibSecond)} |
| a million requests | ${dollars(prices.millionRequests)} |
| billing step | ${prices.stepSeconds * 1_000} ms |
| an instance of the deploy recipes | ${instance.vcpus} vCPU, ${instance.gibibytes} GiB |

${toCostTables(record)}

${toPicture('cost', 'Requests per dollar in three situations.')}

- **Full load**: the instance is never idle and answers as many requests as its core can. Cloud Run adds instances earlier, at 60 %
  CPU, so real bills are higher for every server. Under less load, an instance is billed for each step in which
  it has a request: at ${busyRate} evenly spread requests per second, a million costs ${dollars(toShareOfInstance(busyRate) * 1e6)} without the fee on any server, as
  long as one instance is enough.
- **One at a time**: each request has a warm instance to itself.
- **Each with a start**: the request also pays for the start of the process, but not for the platform's part of a cold start.

Idle instances cost nothing unless \`--min-instances\` keeps them. The free tier, network traffic and builds are not included.

## What each lets you control

${choices}

## How it was measured

- Servers run on one core and the clients on another${machine.isPinned ? '' : ' (not in this run: both share the cores)'}. Servers take turns in every round, so that a disturbance
  affects all of them.
- **Starts**: ${plan.starts} of each server, from the spawn of the process to its first correct prediction, with files in the page cache and the
  build's code cache. What a platform adds (scheduling, image, network) is the same for all servers and not included.
- **A second instance** starts on the same core while the first answers 20 requests per second; median of ${plan.secondStarts}. On Cloud Run it
  has its own core.
- **Library and artifact**: each loads in a fresh process; median of ${plan.artifactLoads}. Ours includes hashing the weights and running the golden
  samples; scikit-learn's is a pickle.
- **One request at a time**: ${spaced(plan.lightTurns)} turns; in each, every server gets one request over a keep-alive connection while
  the others are idle. It finds the CPU caches as the other servers left them, as after a pause.
- **Many connections**: closed loops of ${machine.load}, one row per request, median of ${plan.crowdRounds} rounds.
- **Memory** is the resident memory of the process and its children, after a start and after all connections.
- **Deployed** does not count Node.js or Python: for the function, the tree that \`npm run gcp-build\` and \`npm prune\` leave, with the code cache; for the service, the
  same without functions-framework; for Python servers, the packages that pip installs.
- **SIGTERM** is sent ${plan.endings} times during load from 16 connections, each time at another moment; no request is sent after it. Cloud Run seldom ends an instance that has
  requests, but then callers see this.

## Run it again

\`\`\`sh
npm run compare             # measures for some minutes, then draws; use Node.js ${nodeMajor}, as a deploy does
npm run compare -- --draw   # draws this document and its charts from comparison.json
\`\`\`
`;
}

function toQuickWarning({ isQuick }) {
  return isQuick ? '\n**This is a quick run for development, too short for reliable figures.**\n' : '';
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
