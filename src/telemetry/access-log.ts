/** One line per answered request, in the fields of Cloud Logging, or readable ones on a terminal. */
import type { HttpReply, HttpRequest } from '../http/message';
import type { RequestEvent } from './event';
import type { Severity } from './log';
import { readTrace } from './trace';

/** What is known of a request when its answer is there. */
export interface Ended {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  readonly replyBytes: number;
  /** `performance.now()` when the answer was there. */
  readonly endedAt: number;
}

export interface AccessLogOptions {
  /** `json` for machines, `text` for people. */
  readonly format: 'json' | 'text';
  /** Google Cloud project of the traces; without one a trace cannot be joined, and only its id is logged. */
  readonly project: string | undefined;
  readonly modelVersion: string;
  /** Whether the body of one request in a hundred is logged. */
  readonly logsInputs: boolean;
}

const longestInput = 1_024;
const inputEvery = 100;

export function createAccessLog(options: AccessLogOptions): (ended: Ended) => string {
  if (options.format === 'text') return toText;
  const { project, modelVersion, logsInputs } = options;
  let predictions = 0;

  return (ended) => {
    const { request, reply, replyBytes, endedAt } = ended;
    const { method, path, headers, body, event } = request;
    const seconds = (endedAt - event.startedAt) / 1_000;
    const trace = readTrace(headers);
    return JSON.stringify({
      severity: severityOf(reply.status),
      message: `${method} ${path} ${reply.status}`,
      httpRequest: {
        requestMethod: method,
        requestUrl: path,
        requestSize: String(body.length),
        status: reply.status,
        responseSize: String(replyBytes),
        userAgent: headers['user-agent'],
        latency: `${seconds.toFixed(6)}s`,
      },
      ...(trace && {
        'logging.googleapis.com/trace':
          project === undefined ? trace.traceId : `projects/${project}/traces/${trace.traceId}`,
        'logging.googleapis.com/spanId': trace.spanId,
        'logging.googleapis.com/trace_sampled': trace.isSampled,
      }),
      ...(event.rows > 0 && {
        protocol: event.protocol,
        modelVersion,
        rows: event.rows,
        milliseconds: split(event, endedAt),
      }),
      problem: event.problem,
      ...(logsInputs && event.rows > 0 && predictions++ % inputEvery === 0 && { input: inputOf(body) }),
    });
  };
}

/** Where the time went. What is left between the parts is reading JSON and checking rows. */
function split({ startedAt, readAt, queuedAt, runAt, modelMs }: RequestEvent, endedAt: number) {
  const part = (from: number, to: number) => (from === 0 || to === 0 ? undefined : round(to - from));
  return {
    read: part(startedAt, readAt),
    decode: part(readAt, queuedAt),
    queue: part(queuedAt, runAt),
    model: round(modelMs),
    encode: runAt === 0 ? undefined : round(Math.max(0, endedAt - runAt - modelMs)),
  };
}

const round = (milliseconds: number) => Math.round(milliseconds * 1_000) / 1_000;

function inputOf(body: Buffer): string {
  return body.length <= longestInput ? body.toString() : `${body.toString('utf8', 0, longestInput)}…`;
}

function severityOf(status: number): Severity {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}

function toText({ request, reply, endedAt }: Ended): string {
  const { event } = request;
  const time = new Date().toISOString().slice(11, 23);
  const rows = event.rows === 0 ? '' : ` · ${event.rows} ${event.rows === 1 ? 'row' : 'rows'}`;
  // A path is the caller's text: on a terminal it must not move the cursor.
  const path = JSON.stringify(request.path).slice(1, -1);
  const what = event.problem === undefined ? '' : ` · ${event.problem}`;
  return `${time} ${request.method} ${path} ${reply.status} ${(endedAt - event.startedAt).toFixed(2)} ms${rows}${what}`;
}
