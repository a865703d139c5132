/** Time from spawn to the first prediction, and the memory that is resident then. */
import { treeBytes } from './memory.mjs';
import { withServer } from './server-process.mjs';

export async function measureColdStarts({ contenders, cores, plan, measurements, say }) {
  for (let round = 1; round <= plan.coldStarts; round++) {
    say(`cold start, round ${round} of ${plan.coldStarts}`);
    for (const contender of contenders) {
      await withServer(contender, cores, ({ coldStartSeconds, pid }) => {
        measurements.add('cold start', contender.id, coldStartSeconds);
        measurements.add('memory loaded', contender.id, treeBytes(pid));
      });
    }
  }
}
