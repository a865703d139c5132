/** How long health takes to answer while one request of 100 000 rows is worked on. */
import { bodyOf } from './bodies.mjs';
import { get, post } from './client.mjs';
import { withServer } from './server-process.mjs';

const rows = 100_000;

export async function measureHealth({ contenders, cores, plan, measurements, say }) {
  say('health during a long request');
  const body = bodyOf(rows);
  for (const contender of contenders.filter(({ id }) => ['function', 'server'].includes(id))) {
    await withServer(contender, cores, async ({ port }) => {
      for (let round = 0; round < plan.rowRounds; round++) {
        measurements.add('longest health answer', contender.id, await longestHealthSeconds(port, body));
      }
    });
  }
}

async function longestHealthSeconds(port, body) {
  let isAnswered = false;
  const long = post(port, body).finally(() => {
    isAnswered = true;
  });
  let longest = 0;
  while (!isAnswered) {
    const startedAt = performance.now();
    await get(port, '/v2/health/live');
    longest = Math.max(longest, performance.now() - startedAt);
  }
  const { status } = await long;
  if (status !== 200) throw new Error(`Answered ${status} to ${rows} rows.`);
  return longest / 1_000;
}
