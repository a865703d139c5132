/** One line per answered request, as Cloud Logging fields or as text for a terminal. */
import type { HttpReply, HttpRequest } from '../../http/message';
import { partsOf, type RequestEvent } from '../../http/request-event';
import { readTrace } from '../../http/trace';
import { escapeText } from './escape';
import { type Severity, timeOfDay } from './log';

/** What is known about a request once it is answered. */
export interface Ended {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  readonly replyBytes: number;
  /** `performance.now()` when the reply was ready. */
  readonly endedAt: number;
  /** Requests since the last line that were not logged. */
  readonly skipped: number;
}

export interface AccessLogOptions {
  /** `json` for machines, `text` for people. */
  readonly format: 'json' | 'text';
  /** Google Cloud project of the traces; without it, traces cannot be linked and only their ids are logged. */
  readonly project: string | undefined;
  /** Whether one request body in a hundred is logged. */
  readonly logsInputs: boolean;
}

const maxInputLength = 1_024;
const inputEvery = 100;

export function createAccessLog(options: AccessLogOptions): (ended: Ended) => string {
  if (options.format === 'text') return toText;
  const { project, logsInputs } = options;
  const traces = project === undefined ? '' : `projects/${project}/traces/`;
  let predictions = 0;

  // Concatenated by hand: JSON.stringify of the same object costs a tenth of the prediction throughput.
  return ({ request, reply, replyBytes, endedAt, skipped }) => {
    const { method, headers, body, arriving, event } = request;
    const path = escapeText(request.path);
    const { status } = reply;
    let line =
      `{"severity":"${severityOf(status)}","message":"${method} ${path.slice(1, -1)} ${status}",` +
      `"httpRequest":{"requestMethod":"${method}","requestUrl":${path},"requestSize":"${arriving?.readBytes() ?? body.length}","status":${status},` +
      `"responseSize":"${replyBytes}","latency":"${toSeconds(endedAt - event.startedAt)}"${userAgentOf(headers)}}`;
    if (event.rows > 0) {
      line += `,"protocol":"${event.protocol}","modelVersion":${JSON.stringify(event.version)},"rows":${event.rows},${split(event, endedAt)}`;
      if (logsInputs && predictions++ % inputEvery === 0) line += `,"input":${escapeText(inputOf(body))}`;
    }
    if (event.predictionId !== undefined) line += `,"predictionId":${escapeText(event.predictionId)}`;
    if (event.problem !== undefined) line += `,"problem":"${event.problem}"`;
    if (skipped > 0) line += `,"skippedLines":${skipped}`;
    return `${line}${traceOf(headers, traces)}}`;
  };
}

function userAgentOf({ 'user-agent': agent }: HttpRequest['headers']): string {
  return agent === undefined ? '' : `,"userAgent":${escapeText(agent)}`;
}

function traceOf(headers: HttpRequest['headers'], traces: string): string {
  const trace = readTrace(headers);
  if (trace === undefined) return '';
  const span = trace.spanId === undefined ? '' : `,"logging.googleapis.com/spanId":"${trace.spanId}"`;
  const name = JSON.stringify(traces + trace.traceId);
  return `,"logging.googleapis.com/trace":${name}${span},"logging.googleapis.com/trace_sampled":${trace.isSampled}`;
}

/** Durations of the stages, in microseconds. */
function split(event: RequestEvent, endedAt: number): string {
  const { read, decode, queue, model, encode } = partsOf(event, endedAt);
  return (
    `"microseconds":{"read":${micros(read)},"decode":${micros(decode)},"queue":${micros(queue)},` +
    `"model":${micros(model)},"encode":${micros(encode)}}`
  );
}

const micros = (milliseconds: number) => Math.round(milliseconds * 1_000);

/** A duration in Cloud Logging's format: seconds with six decimals. */
function toSeconds(milliseconds: number): string {
  const all = micros(milliseconds);
  const seconds = Math.floor(all / 1_000_000);
  return `${seconds}.${String(all - seconds * 1_000_000).padStart(6, '0')}s`;
}

function inputOf(body: Buffer): string {
  return body.length <= maxInputLength ? body.toString() : `${body.toString('utf8', 0, maxInputLength)}…`;
}

function severityOf(status: number): Severity {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}

function toText({ request, reply, endedAt }: Ended): string {
  const { event } = request;
  const rows = event.rows === 0 ? '' : ` · ${event.rows} ${event.rows === 1 ? 'row' : 'rows'}`;
  // Callers choose the path, which must not control a terminal.
  const path = escapeText(request.path).slice(1, -1);
  const what = event.problem === undefined ? '' : ` · ${event.problem}`;
  return `${timeOfDay()} ${request.method} ${path} ${reply.status} ${(endedAt - event.startedAt).toFixed(2)} ms${rows}${what}`;
}
