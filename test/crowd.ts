/** A host whose queue is full: a long request whose rows run one by one, and what others are told meanwhile. */
import type { Reply } from './client';
import type { Host } from './hosts';
import { goodInstance } from './model-files';

/** Settings under which one row that waits fills the queue. */
export const crowded = { MAX_QUEUED_ROWS: '1', MAX_BATCH_ROWS: '1' };
export const crowdRows = 300;

/** Asks until it is refused with 429, beside a long request; says how many answers that got in the end. */
export async function crowd(
  host: Host,
  ask: () => Promise<Reply>,
): Promise<{ readonly refused: Reply; readonly answers: number }> {
  await host.request('GET', '/v2/health/ready');
  for (;;) {
    const { refused, long } = await askBeside(host, ask);
    // Who asks first may have had the only place when the long request came.
    if (refused.status !== 429 || long.status === 429) continue;
    return { refused, answers: (long.json as { readonly predictions: readonly unknown[] }).predictions.length };
  }
}

async function askBeside(
  host: Host,
  ask: () => Promise<Reply>,
): Promise<{ readonly refused: Reply; readonly long: Reply }> {
  let isAnswered = false;
  const long = host
    .post('/predict', { instances: Array.from({ length: crowdRows }, () => goodInstance) })
    .finally(() => {
      isAnswered = true;
    });
  let refused = await ask();
  while (refused.status !== 429 && !isAnswered) refused = await ask();
  return { refused, long: await long };
}
