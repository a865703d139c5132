/** Starts: each contender alone, by turns, and beside an instance that serves. */
import { requestOf } from '../bench/bodies.mjs';
import { post } from '../bench/client.mjs';
import { treeBytes } from '../bench/memory.mjs';
import { startServer, withServer } from '../bench/server-process.mjs';

/** Twenty requests a second, whether or not those before them are answered. */
const tickMs = 50;

export async function measureStarts({ contenders, cores, plan, measurements, say }) {
  for (let round = 1; round <= plan.starts; round++) {
    say(`starts, round ${round} of ${plan.starts}`);
    for (const contender of contenders) {
      await withServer(contender, cores, ({ coldStartSeconds, pid }) => {
        measurements.add('start', contender.id, coldStartSeconds);
        measurements.add('bytes after start', contender.id, treeBytes(pid));
      });
    }
  }
}

export async function measureSecondStarts({ contenders, cores, plan, measurements, say }) {
  for (let round = 1; round <= plan.secondStarts; round++) {
    say(`starts of a second instance, round ${round} of ${plan.secondStarts}`);
    for (const contender of contenders) {
      await withServer(contender, cores, async ({ port }) => {
        const calls = [];
        const { path, body } = requestOf(contender, 1);
        const ticking = setInterval(() => calls.push(post(port, body, false, path)), tickMs);
        const second = await startServer(contender, cores);
        clearInterval(ticking);
        await second.stop();
        await Promise.all(calls);
        measurements.add('second start', contender.id, second.coldStartSeconds);
      });
    }
  }
}
