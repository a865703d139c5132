/**
 * Mixed traffic for a chosen time: every protocol, 5 % bad input, 1 % callers that vanish; every answer is checked.
 *
 *     npm run bench -- soak [minutes]
 *
 * Exits 1 at a wrong or a lost answer, and when memory, descriptors or latency have grown.
 */
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { readNumbers, runCommand } from '../../deploy/command-line.mjs';
import { nodeContenders } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { residentBytes } from './memory.mjs';
import { withServer } from './server-process.mjs';
import { badRequests, pick, protocols, some } from './traffic.mjs';

const [minutes] = await runCommand(() => readNumbers(process.argv.slice(2), { minutes: 10 }));
const callers = 8;
const badShare = 0.05;
const vanishingShare = 0.01;
const sampleMs = 1_000;
const most = { growth: 1.15, slowdown: 1.5 };

function send(port, agent, { path, headers, body }, vanishes) {
  return new Promise((resolve, reject) => {
    const call = request(
      { port, path, method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      },
    );
    call.on('error', reject);
    call.end(body);
    if (vanishes) setTimeout(() => call.destroy(), Math.random() * 2);
  });
}

/** Asks until the time is over; every answer is counted as what it is. */
async function keepAsking(port, agent, until, tally) {
  while (performance.now() < until) {
    const chance = Math.random();
    if (chance < vanishingShare) {
      tally.vanished++;
      await send(port, false, pick(protocols)(some()), true).catch(() => undefined);
    } else if (chance < vanishingShare + badShare) {
      const bad = pick(badRequests)();
      await judge(send(port, agent, bad), ({ status }) => status === bad.status, tally, 'bad');
    } else {
      const asked = pick(protocols)(some());
      const startedAt = performance.now();
      const isRight = ({ status, text }) => status === 200 && asked.isRight(JSON.parse(text));
      await judge(send(port, agent, asked), isRight, tally, 'good');
      tally.waits.push(performance.now() - startedAt);
    }
  }
}

async function judge(answer, isRight, tally, kind) {
  try {
    const reply = await answer;
    if (isRight(reply)) tally[kind]++;
    else {
      tally.wrong++;
      console.error(`Wrong: ${reply.status} ${reply.text.slice(0, 300)}`);
    }
  } catch (failure) {
    tally.lost++;
    console.error(`Lost: ${failure.message}`);
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
/** Median of the last quarter over that of the second: the first warms up. */
function growth(values) {
  const quarter = Math.floor(values.length / 4);
  return median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter));
}

const cores = splitCores();
let isBroken = false;
for (const contender of nodeContenders.filter(({ id }) => ['function', 'server'].includes(id))) {
  await withServer(contender, cores, async ({ port, pid }) => {
    const agent = new Agent({ keepAlive: true });
    const tally = { good: 0, bad: 0, vanished: 0, wrong: 0, lost: 0, waits: [] };
    const waits = [];
    const memory = [];
    const descriptors = [];
    const sampling = setInterval(() => {
      memory.push(residentBytes(pid));
      descriptors.push(readdirSync(`/proc/${pid}/fd`).length);
      if (tally.waits.length > 0) waits.push(median(tally.waits.splice(0)));
    }, sampleMs);
    const until = performance.now() + minutes * 60_000;
    await Promise.all(Array.from({ length: callers }, () => keepAsking(port, agent, until, tally)));
    clearInterval(sampling);
    agent.destroy();
    const { waits: _rest, ...counts } = tally;
    const figures = {
      host: contender.id,
      minutes,
      ...counts,
      p50Ms: median(waits),
      slowdown: growth(waits),
      memoryMB: memory.at(-1) / 1e6,
      memoryGrowth: growth(memory),
      descriptors: descriptors.at(-1),
      descriptorGrowth: growth(descriptors),
    };
    console.log(JSON.stringify(figures, (_, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)));
    const isSteady = figures.memoryGrowth < most.growth && figures.descriptorGrowth < most.growth;
    if (tally.wrong + tally.lost > 0 || !isSteady || figures.slowdown > most.slowdown) isBroken = true;
  });
}
process.exitCode = isBroken ? 1 : 0;
