/**
 * Mixed traffic for a chosen time: every protocol, tables that are streamed, 5 % bad input, 1 % callers that vanish; every answer is checked.
 *
 *     npm run bench -- soak [minutes] [--capture]
 *
 * With --capture all rows are captured, in the format of CAPTURE_FORMAT, and some get feedback; afterwards the files are compared with what was answered. Exits 1 at a
 * wrong or a lost answer, at a row that was captured twice or not at all, at a private value in any file, and when memory,
 * descriptors or latency have grown.
 */
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readNumbers, readOptions, runCommand } from '../../src/commands/command-line.cjs';
import { nodeContenders } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { residentBytes } from './memory.mjs';
import { withServer } from './server-process.mjs';
import { createLedger, createPlace, markRows } from './soak-captures.mjs';
import { badRequests, feedback, pick, protocols, some } from './traffic.mjs';

const { minutes, isCaptured } = await runCommand(readWords);
const callers = 8;
const badShare = 0.05;
const vanishingShare = 0.01;
const feedbackShare = 0.02;
const longestPauseMs = 5;
const sampleMs = 1_000;
/** Captures reach the files within a second. */
const settleMs = 2_500;
const most = { growth: 1.15, slowdown: 1.5 };

function readWords() {
  const options = { capture: { type: 'boolean', default: false } };
  const { values, positionals } = readOptions({ args: process.argv.slice(2), options }, '[MINUTES]');
  const [duration] = readNumbers(positionals, { minutes: 10 });
  return { minutes: duration, isCaptured: values.capture };
}

function send(port, agent, { path, headers, body }, vanishes) {
  const length = Array.isArray(body) ? {} : { 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const call = request({ port, path, method: 'POST', agent, headers: { ...headers, ...length } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    call.on('error', reject);
    if (Array.isArray(body)) void sendPieces(call, body);
    else call.end(body);
    if (vanishes) setTimeout(() => call.destroy(), Math.random() * 2);
  });
}

async function sendPieces(call, pieces) {
  for (const piece of pieces) {
    if (!call.destroyed) call.write(piece);
    await delay(Math.random() * longestPauseMs);
  }
  call.end();
}

/** A request of some rows, each under an id that the ledger knows. */
function ask({ name }) {
  const rows = isCaptured ? markRows(some()) : some();
  const asked = pick(protocols)(rows, name);
  if (asked.isNamed) return asked;
  return { ...asked, headers: { ...asked.headers, 'prediction-id': name(asked.rows ?? rows) } };
}

/** Asks until the time is over; every answer is counted as what it is. */
async function keepAsking({ port, agent, until, tally, ledger }) {
  while (performance.now() < until) {
    const chance = Math.random();
    const opened = ledger.open();
    if (chance < vanishingShare) {
      tally.vanished++;
      await send(port, false, ask(opened), true).catch(() => undefined);
    } else if (chance < vanishingShare + badShare) {
      const bad = pick(badRequests)();
      const headers = { ...bad.headers, 'prediction-id': opened.name([]) };
      await judge(send(port, agent, { ...bad, headers }), ({ status }) => status === bad.status, tally, 'bad');
    } else if (isCaptured && chance < vanishingShare + badShare + feedbackShare) {
      const told = feedback(ledger.pickId());
      const isRight = ({ status, text }) => status === 200 && told.isRight(text);
      if (await judge(send(port, agent, told), isRight, tally, 'told')) ledger.told();
    } else {
      const asked = ask(opened);
      const startedAt = performance.now();
      const isRight = ({ status, text }) => status === 200 && asked.isRight(text);
      if (await judge(send(port, agent, asked), isRight, tally, 'good')) opened.answered();
      tally.waits.push(performance.now() - startedAt);
    }
  }
}

async function judge(answer, isRight, tally, kind) {
  try {
    const reply = await answer;
    if (isRight(reply)) {
      tally[kind]++;
      return true;
    }
    tally.wrong++;
    console.error(`Wrong: ${reply.status} ${reply.text.slice(0, 300)}`);
  } catch (failure) {
    tally.lost++;
    console.error(`Lost: ${failure.message}`);
  }
  return false;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
/** Median of the last quarter over that of the second: the first warms up. */
function growth(values) {
  const quarter = Math.floor(values.length / 4);
  return median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter));
}

async function soak({ id }, { port, pid }, ledger) {
  const agent = new Agent({ keepAlive: true });
  const tally = { good: 0, bad: 0, told: 0, vanished: 0, wrong: 0, lost: 0, waits: [] };
  const waits = [];
  const memory = [];
  const descriptors = [];
  const sampling = setInterval(() => {
    memory.push(residentBytes(pid));
    descriptors.push(readdirSync(`/proc/${pid}/fd`).length);
    if (tally.waits.length > 0) waits.push(median(tally.waits.splice(0)));
  }, sampleMs);
  const until = performance.now() + minutes * 60_000;
  await Promise.all(Array.from({ length: callers }, () => keepAsking({ port, agent, until, tally, ledger })));
  clearInterval(sampling);
  agent.destroy();
  const { waits: _rest, ...counts } = tally;
  return {
    host: id,
    minutes,
    ...counts,
    p50Ms: median(waits),
    slowdown: growth(waits),
    memoryMB: memory.at(-1) / 1e6,
    memoryGrowth: growth(memory),
    descriptors: descriptors.at(-1),
    descriptorGrowth: growth(descriptors),
  };
}

function isSound({ wrong, lost, memoryGrowth, descriptorGrowth, slowdown, captured }) {
  const isSteady = memoryGrowth < most.growth && descriptorGrowth < most.growth && slowdown <= most.slowdown;
  return wrong + lost === 0 && isSteady && (captured === undefined || areWhole(captured));
}

const areWhole = ({ rows, twice, missing, unasked, private: shown, unwrittenFeedbacks, lostRows }) =>
  rows > 0 && twice + unasked + shown + unwrittenFeedbacks === 0 && missing <= lostRows;

/** Rows that the server says it could not capture. */
async function readLostRows(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.matchAll(/^predict_capture_lost_rows_total\{[^}]*\} (\d+)/gm);
  return [...lines].reduce((sum, [, rows]) => sum + Number(rows), 0);
}

async function soakCaptured(contender) {
  const place = createPlace();
  const ledger = createLedger();
  try {
    const figures = await withServer(place.toCapturing(contender), cores, async (server) => {
      const measured = await soak(contender, server, ledger);
      await delay(settleMs);
      const lostRows = await readLostRows(server.port);
      process.kill(server.pid, 'SIGTERM');
      await server.exited;
      return { ...measured, lostRows };
    });
    const { lostRows, ...others } = figures;
    return { ...others, captured: { ...(await place.compare(ledger)), lostRows } };
  } finally {
    place.remove();
  }
}

const cores = splitCores();
for (const contender of nodeContenders.filter(({ id }) => ['function', 'server'].includes(id))) {
  const figures = isCaptured
    ? await soakCaptured(contender)
    : await withServer(contender, cores, (server) => soak(contender, server, createLedger()));
  console.log(JSON.stringify(figures, (_, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)));
  if (!isSound(figures)) process.exitCode = 1;
}
