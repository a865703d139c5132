/** NaN and Infinity, as Python's `json.dumps` writes them, are refused with a hint at null. */
import { startHost } from '../hosts';

test.each(['NaN', 'Infinity', '-Infinity'])('%s', async (word) => {
  const host = await startHost('in process');
  const bodies = [`{"instances":[[5.1,${word},1.4,0.2]]}`, `{"instances":[[${'5.1,'.repeat(50_000)}${word}]]}`];
  for (const body of bodies) {
    const { status, text } = await host.request('POST', '/predict', {
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([status, JSON.parse(text).detail]).toEqual([400, expect.stringContaining('send null for a missing value')]);
  }
  await host.stop();
});
