/** Metrics are Prometheus text that its own parser reads, and count what happened. */
import { execFileSync } from 'node:child_process';
import { describeEachHost } from '../hosts';
import { card, goodInstance, samples } from '../model-files';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const python = setUpPython(requirements.clients);

/** Reads the text with the official client of Prometheus. */
const script = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([{"name": s.name, "labels": s.labels, "value": s.value} for f in families for s in f.samples]))`;

describeEachHost('Metrics', (host) => {
  if ('missing' in python) {
    test.skip(`are not parsed: ${python.missing}`, () => undefined);
    return;
  }
  const { python: program } = python;

  async function scrape(): Promise<(name: string, labels?: Sample['labels']) => number | undefined> {
    const { status, headers, text } = await host.request('GET', '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const read = JSON.parse(execFileSync(program, ['-c', script], { input: text, encoding: 'utf8' })) as Sample[];
    expect(read.length).toBeGreaterThan(50);
    return (name, labels = {}) =>
      read.find(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      )?.value;
  }

  test('count requests, problems, rows, labels and loads', async () => {
    const before = await scrape();
    expect(before('predict_model_ready')).toBe(0);
    await host.post('/predict', { instances: samples.map(({ instance }) => instance) });
    await host.post('/bigquery', { calls: [goodInstance] });
    await host.post('/predict', { instances: [] });
    const after = await scrape();
    expect(after('predict_requests_total', { route: '/predict', protocol: 'kserve-v1', status: '200' })).toBe(1);
    expect(after('predict_requests_total', { route: '/bigquery', protocol: 'bigquery', status: '200' })).toBe(1);
    expect(after('predict_requests_total', { route: '/predict', status: '422' })).toBe(1);
    expect(after('predict_problems_total', { type: 'invalid-input' })).toBe(1);
    expect(after('predict_requests_in_flight')).toBe(1);
    expect(after('predict_request_seconds_count')).toBe(2);
    expect(after('predict_queue_wait_seconds_count')).toBe(2);
    expect(after('predict_run_rows_sum')).toBe(samples.length + 1);
    expect(after('predict_queued_rows')).toBe(0);
    expect(after('predict_model_ready')).toBe(1);
    expect(after('predict_model_loads_total', { outcome: 'loaded' })).toBe(1);
    expect(after('predict_model_load_seconds')).toBeGreaterThan(0);
    expect(after('predict_cold_start_seconds')).toBeGreaterThan(0);
    expect(after('predict_model_info', { name: card.name, version: card.version })).toBe(1);
    const counted = card.labels.map((label) => after('predict_predictions_total', { label }) ?? 0);
    const expected = card.labels.map((label) => samples.filter(({ prediction }) => prediction.label === label).length);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(samples.length + 1);
    expect(counted.filter((count, i) => count !== expected[i])).toHaveLength(1);
    expect(after('predict_chosen_probability_count')).toBe(samples.length + 1);
    expect(after('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });
});
