/** Metrics keep the rules of Prometheus' own linter, `promtool check metrics`. */

import { type Host, startHost } from '../../hosts';
import type { ModelCopy } from '../../model-copy';
import { goodInstance } from '../../model-files';
import { copyPair, untilBothLoaded } from '../../serving/pair';
import { lintMetrics } from './lint';

describe('GET /metrics', () => {
  let pair: ModelCopy;
  let host: Host;
  let text = '';
  beforeAll(async () => {
    pair = copyPair('square', 'square');
    host = await startHost('in process', { env: { MODEL_DIR: pair.directory, CANDIDATE_TRAFFIC: 'shadow' } });
    await untilBothLoaded(host);
    await host.post('/predict', { instances: [[1]] });
    await host.post('/predict', { instances: [goodInstance] });
    ({ text } = await host.request('GET', '/metrics'));
  });
  afterAll(async () => {
    await host.stop();
    pair.remove();
  });

  test('has the families of everything that is measured', () => {
    for (const name of ['predict_shadow_rows_total', 'predict_event_loop_lag_seconds', 'predict_problems_total'])
      expect(text).toMatch(new RegExp(`^${name}{`, 'm'));
  });

  test('breaks no rule', () => expect(lintMetrics(text)).toEqual([]));
});

test('The rules see what they forbid', () => {
  const text = `
# HELP http_hits Hits.
# TYPE http_hits counter
http_hits{le="1"} 1
# TYPE delay_ms_total gauge
delay_ms_total{quantile="0.5",roundTrip="1"} 1
delay_ms_total{quantile="0.5",roundTrip="1"} 2
# HELP wait_minutes_count Wait.
# TYPE wait_minutes_count gauge
wait_minutes_count 1
`;
  expect(lintMetrics(text)).toEqual([
    'http_hits: a counter without "_total"',
    'http_hits: the label "le", which belongs to histograms',
    'delay_ms_total: no help',
    'delay_ms_total: "_total" on a gauge',
    'delay_ms_total: an abbreviated unit',
    'delay_ms_total: the label "quantile", which belongs to summaries',
    'delay_ms_total: camel case',
    'delay_ms_total: the same sample twice',
    'wait_minutes_count: "_count" on a gauge',
    'wait_minutes_count: the unit "minutes", which is not a base unit',
  ]);
});
