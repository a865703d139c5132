/** Resident memory after few and after many requests to the same process: what grows with traffic. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from './bodies.mjs';
import { postMany } from './client.mjs';
import { treeOf } from './process-tree.mjs';
import { withServer } from './server-process.mjs';

const connections = 16;
const settleMs = 500;
const limitSeconds = 120;

export async function measureMemory({ contenders, cores, load, plan, measurements, say }) {
  // The Python peers would need minutes for as many requests, and the ratio is a promise about our hosts only.
  const measured = contenders.filter(({ id }) => ['function', 'server', 'echo'].includes(id));
  const { few, many } = plan.memoryRequests;
  for (let round = 1; round <= plan.memoryRounds; round++) {
    say(`memory, round ${round} of ${plan.memoryRounds}`);
    for (const contender of measured) {
      await withServer(contender, cores, async ({ port, pid }) => {
        await postMany(port, bodyOf(1), { requests: few, connections });
        measurements.add('memory after few', contender.id, await settledBytes(pid));
        await loadUntil(load, port, many - few);
        measurements.add('memory after many', contender.id, await settledBytes(pid));
      });
    }
  }
}

async function loadUntil(load, port, wanted) {
  const giveUpAt = performance.now() + limitSeconds * 1_000;
  let sent = 0;
  while (sent < wanted) {
    if (performance.now() > giveUpAt) throw new Error(`Only ${sent} of ${wanted} requests within ${limitSeconds} s.`);
    sent += (await load.run({ port, body: bodyOf(1), connections, seconds: 1 })).requests;
  }
}

async function settledBytes(pid) {
  await sleep(settleMs);
  return residentBytes(pid);
}

export const treeBytes = (pid) => treeOf(pid).reduce((sum, each) => sum + residentBytes(each), 0);

export function residentBytes(pid) {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return Number(kilobytes) * 1_024;
}
