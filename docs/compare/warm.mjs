/** Warm servers: latency of one request at a time, then crowds of connections. */
import { instanceOf, requestOf } from '../bench/bodies.mjs';
import { post } from '../bench/client.mjs';
import { instancesDialect } from '../bench/dialects.mjs';
import { treeBytes } from '../bench/memory.mjs';
import { treeCpuSeconds } from '../bench/processor-time.mjs';
import { startServer } from '../bench/server-process.mjs';
import { createCaller } from './caller.mjs';

/** A run lasts until each connection has had so many answers, or their latencies would be cut off at its end. */
const answersPerConnection = 4;
const longestSeconds = 20;

/** Starts all contenders, which are idle while another answers, and stops them. */
export async function measureWarm(bench) {
  const started = [];
  try {
    for (const contender of bench.contenders) {
      const server = await startServer(contender, bench.cores);
      started.push({ id: contender.id, contender, server, oneRow: requestOf(contender, 1) });
    }
    await measureLightLoad(bench, started);
    for (let round = 1; round <= bench.plan.crowdRounds; round++) await measureCrowds(bench, started, round);
    for (const { id, contender, server } of started) {
      bench.measurements.add('bytes after load', id, treeBytes(server.pid));
      bench.measurements.add('status of a narrow row', id, await statusOfNarrowRow(contender, server));
    }
  } finally {
    await Promise.all(started.map(({ server }) => server.stop()));
  }
}

/** Contenders take turns request by request, each time in another order: what disturbs one disturbs all. */
async function measureLightLoad({ plan, measurements, say }, started) {
  say(`one request at a time, ${plan.lightTurns} turns`);
  const callers = started.map(({ id, server, oneRow }) => ({ id, caller: createCaller(server.port, oneRow) }));
  for (let turn = -plan.warmUpTurns; turn < plan.lightTurns; turn++) {
    for (let place = 0; place < callers.length; place++) {
      const { id, caller } = callers[(Math.abs(turn) + place) % callers.length];
      const startedAt = performance.now();
      await caller.ask();
      if (turn >= 0) measurements.add('light latency', id, (performance.now() - startedAt) / 1_000);
    }
  }
  for (const { caller } of callers) caller.close();
}

async function measureCrowds({ plan, load, measurements, say }, started, round) {
  for (const connections of plan.connectionCounts) {
    say(`${connections} connections, round ${round} of ${plan.crowdRounds}`);
    for (const { id, server, oneRow } of started) {
      const alone = measurements.median(`requests/s at ${plan.connectionCounts[0]}`, id) ?? Number.POSITIVE_INFINITY;
      const wanted = Math.ceil((answersPerConnection * connections) / alone);
      const seconds = Math.min(longestSeconds, Math.max(plan.crowdSeconds, wanted));
      const before = treeCpuSeconds(server.pid);
      const result = await load.run({ port: server.port, ...oneRow, connections, seconds });
      const spent = treeCpuSeconds(server.pid) - before;
      measurements.add(`requests/s at ${connections}`, id, result.perSecond);
      measurements.add(`p50 at ${connections}`, id, result.p50Seconds);
      measurements.add(`p99 at ${connections}`, id, result.p99Seconds);
      measurements.add(`cpu seconds at ${connections}`, id, spent / result.requests);
      measurements.add('requests', id, result.requests);
    }
  }
}

/** What a caller's mistake gets: a row without its last feature. */
async function statusOfNarrowRow({ dialect = instancesDialect }, { port }) {
  const body = Buffer.from(JSON.stringify(dialect.write([instanceOf(0).slice(0, -1)])));
  return (await post(port, body, false, dialect.path)).status;
}
