/**
 * Open-loop overload: requests come at three times the capacity, whether or not those before them are answered.
 *
 *     npm run bench -- overload [seconds] [rows]
 *
 * Exits 1 when a promise is broken: goodput, latency of what is accepted, memory, and the time back to normal.
 */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readNumbers, runCommand } from '../../src/commands/command-line.cjs';
import { bodyOf } from './bodies.mjs';
import { post } from './client.mjs';
import { nodeContenders } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { residentBytes } from './memory.mjs';
import { withServer } from './server-process.mjs';

const [seconds, rows] = await runCommand(() => readNumbers(process.argv.slice(2), { seconds: 60, rows: 1_000 }));
const peakSeconds = 10;
const peakConnections = 8;
const overload = 3;
/** As many requests at once as Cloud Run sends to an instance at most; its front holds what goes beyond. */
const mostAtOnce = 1_000;
const tickMs = 5;
const calmRequests = 50;
const promises = { goodput: 0.9, p99Ms: 250, growth: 1.15, calmAfterMs: 1_000 };

const body = bodyOf(rows);
const cores = splitCores();
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1];
const median = (values) => quantile(values, 0.5);

async function measurePeak(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: peakConnections });
  let answered = 0;
  const until = performance.now() + peakSeconds * 1_000;
  const ask = async () => {
    while (performance.now() < until) if ((await post(port, body, agent)).status === 200) answered++;
  };
  await Promise.all(Array.from({ length: peakConnections }, ask));
  agent.destroy();
  return answered / peakSeconds;
}

/** Median latency of requests one after another, in milliseconds. */
async function measureCalm(port, requests = calmRequests) {
  const waits = [];
  for (let i = 0; i < requests; i++) {
    const startedAt = performance.now();
    await post(port, body);
    waits.push(performance.now() - startedAt);
  }
  return median(waits);
}

async function flood({ port, pid }, perSecond) {
  const agent = new Agent({ keepAlive: true, maxSockets: mostAtOnce });
  const tally = { sent: 0, accepted: 0, refused: 0, other: 0, waits: [], memory: [], held: 0 };
  const inWork = new Set();

  function send() {
    const startedAt = performance.now();
    const call = post(port, body, agent).then(
      ({ status }) => {
        if (status === 429) tally.refused++;
        else if (status !== 200) tally.other++;
        else {
          tally.accepted++;
          tally.waits.push(performance.now() - startedAt);
        }
      },
      () => tally.other++,
    );
    inWork.add(call);
    void call.finally(() => inWork.delete(call));
  }

  const startedAt = performance.now();
  let nextSampleAt = startedAt;
  let due = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    const wanted = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; due < wanted; due++) {
      if (inWork.size >= mostAtOnce) tally.held++;
      else {
        tally.sent++;
        send();
      }
    }
    if (performance.now() >= nextSampleAt) {
      tally.memory.push(residentBytes(pid));
      nextSampleAt += 1_000;
    }
    await sleep(tickMs);
  }
  const lasted = (performance.now() - startedAt) / 1_000;
  const accepted = tally.accepted;
  await Promise.all(inWork);
  agent.destroy();
  return { ...tally, goodput: accepted / lasted };
}

/** Milliseconds until an answer takes at most twice as long as in calm. */
async function timeToCalm(port, calmMs) {
  const startedAt = performance.now();
  while ((await measureCalm(port, 3)) > 2 * calmMs);
  return performance.now() - startedAt;
}

let isBroken = false;
for (const contender of nodeContenders.filter(({ id }) => ['function', 'server'].includes(id))) {
  await withServer(contender, cores, async (server) => {
    const calmMs = await measureCalm(server.port);
    const peak = await measurePeak(server.port);
    const result = await flood(server, overload * peak);
    const calmAfterMs = await timeToCalm(server.port, calmMs);
    const quarter = Math.ceil(result.memory.length / 4);
    const growth = median(result.memory.slice(-quarter)) / median(result.memory.slice(quarter, 2 * quarter));
    const figures = {
      host: contender.id,
      rows,
      seconds,
      peak: Math.round(peak),
      offered: Math.round(overload * peak),
      goodput: result.goodput / peak,
      p50Ms: median(result.waits),
      p99Ms: quantile(result.waits, 0.99),
      accepted: result.accepted,
      refused: result.refused,
      heldByFront: result.held,
      otherAnswers: result.other,
      memoryMB: median(result.memory.slice(-quarter)) / 1e6,
      growth,
      calmMs,
      calmAfterMs,
    };
    console.log(JSON.stringify(figures, (_, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)));
    const isKept =
      figures.goodput >= promises.goodput &&
      figures.p99Ms <= promises.p99Ms &&
      growth <= promises.growth &&
      calmAfterMs <= promises.calmAfterMs &&
      result.other === 0;
    if (!isKept) isBroken = true;
  });
}
process.exitCode = isBroken ? 1 : 0;
