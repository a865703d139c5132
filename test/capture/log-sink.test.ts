/** The sink of log lines: each as short as Cloud Logging takes it. */
import { createLogSink } from '../../src/capture/log-sink';

test('a record is measured in bytes, not in characters', () => {
  const sink = createLogSink();
  expect(sink.add(JSON.stringify({ text: '語'.repeat(100_000) }), 1)).toBe(false);
  expect(sink.read().lost.get('too_large')).toBe(1);
});
