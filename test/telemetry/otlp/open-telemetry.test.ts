/** With an endpoint set, metrics and spans go out by OTLP; without one nothing of it is loaded. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Host, startHost } from '../../hosts';
import { card, goodInstance } from '../../model-files';
import { projectDirectory } from '../../processes';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble: number;
}

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: {
    readonly dataPoints: readonly { readonly count: string; readonly bucketCounts: readonly string[] }[];
  };
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
}

interface Batch {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly resourceMetrics?: readonly [
      {
        readonly resource: { attributes: readonly Attribute[] };
        readonly scopeMetrics: readonly [{ metrics: readonly Metric[] }];
      },
    ];
    readonly resourceSpans?: readonly [{ readonly scopeSpans: readonly [{ readonly spans: readonly Span[] }] }];
  };
}

/** A collector that keeps what it gets. */
async function startCollector(status = 200): Promise<{ server: Server; batches: Batch[]; url: string }> {
  const batches: Batch[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Batch['body'];
      batches.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, batches, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/collect/` };
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';
const readAttribute = (attributes: readonly Attribute[], name: string) => {
  const { stringValue, intValue } = attributes.find(({ key }) => key === name)?.value ?? {};
  return stringValue ?? intValue;
};

describe.each(['functions-framework', 'server.ts'] as const)('%s, at its end,', (kind) => {
  const startedAt = Date.now();
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let metrics: readonly Metric[];
  let spans: readonly Span[];
  let host: Host;

  beforeAll(async () => {
    collector = await startCollector();
    host = await startHost(kind, {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b, x-other=c',
        OTEL_SERVICE_NAME: 'mine',
      },
    });
    const body = JSON.stringify({ instances: [goodInstance, goodInstance] });
    const headers = { 'content-type': 'application/json', traceparent: `00-${traceId}-${parent}-01` };
    await host.request('POST', '/predict', { headers, body });
    await host.request('POST', '/predict', { headers: { traceparent: `00-${traceId}-${parent}-00` }, body });
    await host.request('POST', '/predict', { body: '{}' });
    await host.stop();
    const find = (path: string) => collector.batches.find((batch) => batch.path === path)?.body;
    metrics = find('/collect/v1/metrics')?.resourceMetrics?.[0].scopeMetrics[0].metrics ?? [];
    spans = find('/collect/v1/traces')?.resourceSpans?.[0].scopeSpans[0].spans ?? [];
  });
  afterAll(() => collector.server.close());

  test('has sent the metrics that /metrics has', () => {
    const requests = metrics.find(({ name }) => name === 'predict_requests_total')?.sum;
    expect(requests?.isMonotonic).toBe(true);
    const good = requests?.dataPoints.find(({ attributes }) => readAttribute(attributes, 'status') === '200');
    expect(good?.asDouble).toBe(2);
    expect(BigInt(good?.timeUnixNano ?? 0)).toBeGreaterThan(BigInt(good?.startTimeUnixNano ?? 0));
    const rows = metrics.find(({ name }) => name === 'predict_run_rows')?.histogram?.dataPoints[0];
    expect(rows?.bucketCounts.map(Number).reduce((sum, count) => sum + count)).toBe(Number(rows?.count));
    expect(metrics.find(({ name }) => name === 'process_resident_memory_bytes')?.gauge?.dataPoints).toHaveLength(1);
  });

  test('has sent a span for each request but those of traces that are not sampled', () => {
    expect(spans.map(({ name }) => name)).toEqual(['POST /predict', 'POST /predict']);
    const [good, bad] = spans;
    expect(good).toMatchObject({ traceId, parentSpanId: parent });
    expect(good?.spanId).toMatch(/^[\da-f]{16}$/);
    expect(readAttribute(good?.attributes ?? [], 'predict.rows')).toBe('2');
    expect(readAttribute(good?.attributes ?? [], 'http.response.status_code')).toBe('200');
    const [from, to] = [good?.startTimeUnixNano, good?.endTimeUnixNano].map((time) => BigInt(time ?? 0)) as [
      bigint,
      bigint,
    ];
    expect(Number(to - from)).toBeGreaterThan(0);
    const endedAt = Number(to / 1_000_000n);
    expect(endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(endedAt).toBeLessThanOrEqual(Date.now());
    expect(bad?.traceId).not.toBe(traceId);
    expect(readAttribute(bad?.attributes ?? [], 'error.type')).toBe('unknown-envelope');
  });

  test('has named itself and sent the header fields that it was given', () => {
    const [batch] = collector.batches;
    expect(batch?.headers).toMatchObject({ 'x-key': 'a b', 'x-other': 'c', 'content-type': 'application/json' });
    const attributes = batch?.body.resourceMetrics?.[0].resource.attributes ?? [];
    expect(collector.batches.map(({ path }) => path).sort()).toEqual(['/collect/v1/metrics', '/collect/v1/traces']);
    if (attributes.length > 0)
      expect(['service.name', 'service.version'].map((name) => readAttribute(attributes, name))).toEqual([
        'mine',
        card.version,
      ]);
  });
});

test('What is sent goes out again and again, and a collector that fails is one line until it works', async () => {
  const { server, batches, url } = await startCollector(503);
  const host = await startHost('server.ts', {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', LOG_REQUESTS: 'none' },
  });
  while (batches.length < 4) expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
  await host.stop();
  server.close();
  const lines = host.stdout.filter((line) => line.includes('could not be exported'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('503');
});

test('A collector that is not there holds up neither answers nor the end', async () => {
  const { server, url } = await startCollector();
  server.close();
  await once(server, 'close');
  const host = await startHost('server.ts', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
  expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
  expect(await host.stop()).toBe(0);
});

test('A request that was given up in the queue has waited for as long as it was there', async () => {
  const { server, batches, url } = await startCollector();
  const host = await startHost('server.ts', {
    env: {
      MODEL_DIR: join(projectDirectory, 'test/fixtures/models/slow'),
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      REQUEST_TIMEOUT_MS: '1',
      INFERENCE_THREADS: '0',
      MAX_BATCH_ROWS: '1',
      LOG_REQUESTS: 'none',
    },
  });
  const replies = await Promise.all(Array.from({ length: 8 }, () => host.post('/predict', { instances: [[1]] })));
  expect(replies.map(({ status }) => status)).toContain(503);
  await host.stop();
  server.close();
  const spans = batches.flatMap(({ body }) => body.resourceSpans?.[0].scopeSpans[0].spans ?? []);
  const given = spans.filter(({ attributes }) => readAttribute(attributes, 'error.type') === 'deadline-exceeded');
  expect(given.length).toBeGreaterThan(0);
  for (const { attributes } of given)
    expect(Number(readAttribute(attributes, 'predict.queue_us'))).toBeGreaterThanOrEqual(1_000);
});
