/** SIGTERM under load: what becomes of the requests that are in work, and when the process is gone. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestOf } from '../bench/bodies.mjs';
import { post } from '../bench/client.mjs';
import { withServer } from '../bench/server-process.mjs';

const connections = 16;
const loadMs = 500;
/** What is lost depends on the moment: the signal comes later in each round. */
const laterMs = 20;
/** Cloud Run kills what is left after ten seconds. */
const graceMs = 10_000;

export async function measureEndings({ contenders, cores, plan, measurements, say }) {
  for (let round = 1; round <= plan.endings; round++) {
    say(`SIGTERM under load, round ${round} of ${plan.endings}`);
    for (const contender of contenders) {
      await withServer(contender, cores, async (server) => {
        const { inWork, answered, seconds } = await endUnderLoad(
          server,
          requestOf(contender, 1),
          loadMs + round * laterMs,
        );
        measurements.add('in work at SIGTERM', contender.id, inWork);
        measurements.add('answered after SIGTERM', contender.id, answered);
        measurements.add('end', contender.id, seconds);
      });
    }
  }
}

async function endUnderLoad({ port, pid, exited }, { path, body }, afterMs) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const inWork = new Set();
  let isEnding = false;

  async function keepAsking() {
    while (!isEnding) {
      const call = post(port, body, agent, path).catch(() => ({ status: 0 }));
      inWork.add(call);
      await call;
      inWork.delete(call);
    }
  }
  const askers = Array.from({ length: connections }, keepAsking);
  await sleep(afterMs);
  isEnding = true;
  const atSignal = [...inWork];
  const signalledAt = performance.now();
  process.kill(pid, 'SIGTERM');
  const killing = setTimeout(() => process.kill(pid, 'SIGKILL'), graceMs);
  await exited;
  clearTimeout(killing);
  const seconds = (performance.now() - signalledAt) / 1_000;
  const replies = await Promise.all(atSignal);
  await Promise.all(askers);
  agent.destroy();
  return { inWork: atSignal.length, answered: replies.filter(({ status }) => status === 200).length, seconds };
}
