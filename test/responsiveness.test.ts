/** A long request leaves the event loop to others: health is answered while its rows run. */
import { type Host, startHost } from './hosts';
import { samples } from './model-files';

const rows = 100_000;
/** The longest wait, of the time that the request takes. A busy machine makes both longer; one more request shows which it was. */
const longestShare = 1 / 3;
const mostTries = 5;

describe('while a request of 100 000 rows is worked on', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
    await host.request('GET', '/v2/health/ready');
  });
  afterAll(() => host.stop());

  it('answers health again and again, and then every row', async () => {
    const shares: number[] = [];
    while (shares.length < mostTries && !(Math.min(...shares) < longestShare)) shares.push(await shareOfLongestWait());
    expect(Math.min(...shares)).toBeLessThan(longestShare);
  });

  /** Asks for health again and again beside the request. */
  async function shareOfLongestWait(): Promise<number> {
    const instances = Array.from({ length: rows }, (_, i) => samples[i % samples.length]?.instance);
    const body = JSON.stringify({ instances });
    const headers = { 'content-type': 'application/json' };
    const startedAt = performance.now();
    let isAnswered = false;
    const long = host.request('POST', '/predict', { headers, body }).finally(() => {
      isAnswered = true;
    });
    const waits: number[] = [];
    while (!isAnswered) {
      const started = performance.now();
      await host.request('GET', '/v2/health/live');
      waits.push(performance.now() - started);
    }
    const { predictions } = (await long).json as { predictions: unknown[] };
    expect(predictions).toHaveLength(rows);
    expect(waits.length).toBeGreaterThan(10);
    return Math.max(...waits) / (performance.now() - startedAt);
  }
});
