/** `npm run bench -- captures [ROUNDS]`: what capturing each request to files takes from both hosts, one row a request. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNumbers, runCommand } from '../../src/commands/command-line.cjs';
import { requestOf } from './bodies.mjs';
import { nodeContenders } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { chooseLoadGenerator } from './load.mjs';
import { median } from './measurements.mjs';
import { treeCpuSeconds } from './processor-time.mjs';
import { startServer } from './server-process.mjs';

const [rounds] = await runCommand(() => readNumbers(process.argv.slice(2), { ROUNDS: 15 }));
const connections = 16;
const seconds = 1;

const hosts = nodeContenders.filter(({ id }) => id === 'function' || id === 'server');
const directory = mkdtempSync(join(tmpdir(), 'captures-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const toFiles = (format) => ({ CAPTURE: 'all', CAPTURE_TO: join(directory, format), CAPTURE_FORMAT: format });
const variants = [
  { name: 'CAPTURE=off', env: {} },
  { name: 'CAPTURE=all, CAPTURE_FORMAT=ndjson', env: toFiles('ndjson') },
  { name: 'CAPTURE=all, CAPTURE_FORMAT=arrow', env: toFiles('arrow') },
];

const cores = splitCores();
const load = chooseLoadGenerator();
const results = [];
for (const host of hosts) results.push(...(await compare(host)));
console.table(results);

async function compare(host) {
  const servers = [];
  try {
    for (const { env } of variants) servers.push(await startServer({ ...host, env: { ...host.env, ...env } }, cores));
    return await measureInTurns(host, servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Each first as often as the others: machines change their speed. */
async function measureInTurns(host, servers) {
  for (const server of servers) await measure(host, server);
  const measured = variants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const i of variants.keys()) {
      const turn = (i + round) % variants.length;
      measured[turn].push(await measure(host, servers[turn]));
    }
  }
  const [off] = measured;
  const ratio = (own, figure) => Number(median(own.map((each, i) => each[figure] / off[i][figure])).toFixed(2));
  return variants.map(({ name }, i) => ({
    host: host.id,
    settings: name,
    'requests/s ÷ off': ratio(measured[i], 'perSecond'),
    'processor time a request ÷ off': ratio(measured[i], 'cpu'),
  }));
}

async function measure(host, { port, pid }) {
  const before = treeCpuSeconds(pid);
  const { requests, perSecond } = await load.run({ port, ...requestOf(host, 1), connections, seconds });
  return { perSecond, cpu: ((treeCpuSeconds(pid) ?? Number.NaN) - before) / requests };
}
