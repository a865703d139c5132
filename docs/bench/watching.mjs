/** What it costs to watch: log lines, counts for drift, and an explanation. */
import { fileURLToPath } from 'node:url';
import { bodyOf } from './bodies.mjs';
import { runChild } from './children.mjs';
import { startServer } from './server-process.mjs';

const connections = 16;
const scripts = {
  drift: fileURLToPath(new URL('count-rows.cjs', import.meta.url)),
  explanation: fileURLToPath(new URL('time-explanation.cjs', import.meta.url)),
};

export async function measureWatching({ contenders, cores, load, plan, measurements, say }) {
  say('log lines, drift and explanations');
  const server = contenders.find(({ id }) => id === 'server');
  const started = [];
  try {
    for (const logged of ['all', 'none']) {
      const contender = { ...server, env: { ...server.env, LOG_REQUESTS: logged } };
      started.push({ id: `logs ${logged}`, server: await startServer(contender, cores) });
    }
    const measure = (port, seconds) => load.run({ port, body: bodyOf(1), connections, seconds });
    for (const each of started) await measure(each.server.port, plan.warmUpSeconds);
    for (let round = 0; round < plan.rounds; round++) {
      for (const each of started) {
        measurements.add('requests/s logged', each.id, (await measure(each.server.port, plan.seconds)).perSecond);
      }
    }
  } finally {
    await Promise.all(started.map((each) => each.server.stop()));
  }
  for (let round = 0; round < plan.rowRounds; round++) {
    const { alone, together } = JSON.parse(await runScript(cores, scripts.drift));
    measurements.add('drift ns', 'alone', alone);
    measurements.add('drift ns', 'together', together);
    measurements.add('explanation ÷ run', 'server', Number(await runScript(cores, scripts.explanation)));
  }
}

function runScript(cores, script) {
  return runChild(cores.onServerCore([process.execPath, script]));
}
