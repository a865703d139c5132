/** Requests as spans in OTLP JSON (opentelemetry-proto 1.x, `ExportTraceServiceRequest`). */
import type { HttpRequest } from '../../http/message';
import { partsOf } from '../../http/request-event';
import { readTrace } from '../../http/trace';
import { type Attribute, type Resource, scope, toAttributes } from './resource';

const kindServer = 2;
const statusError = 2;

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

const toRandomHex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');

/** A `performance.now()` time as Unix time. */
export function toUnixNano(milliseconds: number): string {
  const microseconds = Math.round((performance.timeOrigin + milliseconds) * 1_000);
  return `${microseconds}000`;
}

/** The span of an answered request; undefined if the caller's trace is not sampled. */
export function toSpan(
  { method, path, headers, event }: HttpRequest,
  status: number,
  endedAt: number,
): Span | undefined {
  const trace = readTrace(headers);
  if (trace !== undefined && !trace.isSampled) return undefined;
  const { startedAt, route, rows, protocol, problem, predictionId } = event;
  return {
    traceId: trace?.traceId ?? toRandomHex(16),
    spanId: toRandomHex(8),
    ...(trace?.spanId !== undefined && { parentSpanId: trace.spanId }),
    name: route === '' ? method : `${method} ${route}`,
    kind: kindServer,
    startTimeUnixNano: toUnixNano(startedAt),
    endTimeUnixNano: toUnixNano(endedAt),
    attributes: toAttributes({
      'http.request.method': method,
      'url.path': path,
      ...(route !== '' && { 'http.route': route }),
      'http.response.status_code': status,
      ...(rows > 0 && { 'predict.rows': rows, 'predict.protocol': protocol, ...durationsOf(event, endedAt) }),
      ...(predictionId !== undefined && { 'predict.id': predictionId }),
      ...(problem !== undefined && { 'error.type': problem }),
    }),
    // By convention, a server span has an error only if the server itself failed.
    status: status >= 500 ? { code: statusError } : {},
  };
}

/** Durations of the stages, in microseconds. */
function durationsOf(event: HttpRequest['event'], endedAt: number): Readonly<Record<string, number>> {
  const { decode, queue, model } = partsOf(event, endedAt);
  return {
    'predict.decode_us': Math.round(decode * 1_000),
    'predict.queue_us': Math.round(queue * 1_000),
    'predict.model_us': Math.round(model * 1_000),
  };
}

export function toSpansRequest(resource: Resource, spans: readonly Span[]): object {
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] };
}
