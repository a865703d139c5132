/** Requests and rows per second, and latencies, of all contenders in turn. */
import { Agent } from 'node:http';
import { requestOf, requireRightAnswer } from './bodies.mjs';
import { post } from './client.mjs';
import { median } from './measurements.mjs';
import { measureModelAlone } from './model-alone.mjs';
import { connectionCounts } from './plan.mjs';
import { startServer } from './server-process.mjs';

const usualConnections = 16;
/** For many rows a request: few enough that nobody's queue is full (ours refuses beyond 15 000 rows). */
const rowConnections = 8;
/** Bodies from here on take a server so long that they are sent one after the other. */
const longBodyRows = 10_000;

/** Starts every contender, warms it up, measures round by round, and stops them all. */
export async function measureThroughput(bench) {
  const { contenders, cores, load, plan, say } = bench;
  const started = [];
  try {
    for (const contender of contenders) started.push({ contender, server: await startServer(contender, cores) });
    for (const { contender, server } of started) {
      await load.run({
        port: server.port,
        ...requestOf(contender, 1),
        connections: usualConnections,
        seconds: plan.warmUpSeconds,
      });
    }
    for (let round = 1; round <= plan.rounds; round++) {
      say(`one row a request, round ${round} of ${plan.rounds}`);
      for (const connections of connectionCounts) await measureOneRow(bench, started, connections);
    }
    for (let round = 1; round <= plan.rowRounds; round++) {
      say(`many rows a request, round ${round} of ${plan.rowRounds}`);
      for (const rows of plan.rowCounts) await measureRows(bench, started, rows);
    }
  } finally {
    await Promise.all(started.map(({ server }) => server.stop()));
  }
}

async function measureOneRow({ load, plan, measurements }, started, connections) {
  for (const { contender, server } of started) {
    const result = await load.run({
      port: server.port,
      ...requestOf(contender, 1),
      connections,
      seconds: plan.seconds,
    });
    measurements.add(`requests/s at ${connections}`, contender.id, result.perSecond);
    measurements.add(`p50 at ${connections}`, contender.id, result.p50Seconds);
    measurements.add(`p99 at ${connections}`, contender.id, result.p99Seconds);
  }
}

async function measureRows(bench, started, rows) {
  const { load, plan, measurements } = bench;
  await measureModelAlone(bench, rows);
  for (const { contender, server } of started) {
    // An echo that does no work on rows says nothing about them.
    if (contender.isEcho) continue;
    const { path, body } = requestOf(contender, rows);
    requireRightAnswer(contender, rows, (await post(server.port, body, false, path)).body);
    const requestsPerSecond =
      rows >= longBodyRows
        ? 1 / (await medianSeconds(server.port, { path, body }, plan.longRequests))
        : (await load.run({ port: server.port, path, body, connections: rowConnections, seconds: plan.seconds }))
            .perSecond;
    measurements.add(`rows/s of ${rows}`, contender.id, requestsPerSecond * rows);
  }
}

/** Seconds from request to the last byte of its answer, one request at a time over one connection. */
async function medianSeconds(port, { path, body }, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seconds = [];
  for (let sent = 0; sent < requests; sent++) {
    const startedAt = performance.now();
    const { status } = await post(port, body, agent, path);
    if (status !== 200) throw new Error(`Answered ${status} to ${body.length} bytes.`);
    seconds.push((performance.now() - startedAt) / 1_000);
  }
  agent.destroy();
  return median(seconds);
}
