/** Environment to one frozen, validated Config: the only reader of process.env. */
import { resolve } from 'node:path';
import { type CandidateTraffic, readCandidateTraffic } from './candidate-traffic';
import { type CaptureSettings, readCapture } from './capture-settings';
import { type AllowedOrigins, readOrigins, readSenders } from './origins';

export interface Config {
  /** TCP port of `server.ts`; functions-framework reads PORT itself. Vertex AI sets AIP_HTTP_PORT. */
  readonly port: number;
  /** Paths that Vertex AI calls for health and predictions, and Azure ML for scores. */
  readonly vertexRoutes: { readonly health?: string; readonly predict?: string; readonly score?: string };
  /** Origins of web pages that may call from browsers and as agents: those listed, or all. */
  readonly corsOrigins: AllowedOrigins;
  /** Names of event senders that may deliver here; `*` is all. */
  readonly webhookSenders: readonly string[];
  /** Directory of model.onnx, card.json and samples.json. */
  readonly modelDirectory: string;
  /** `lazy` opens the session on the first request that needs it, `eager` at start. */
  readonly modelLoading: 'lazy' | 'eager';
  /** Wait before a failed load is retried; doubles with each further failure, up to 30 s. */
  readonly loadRetryMs: number;
  /** Intra-op threads of ONNX Runtime. */
  readonly onnxThreads: number;
  /** Threads that run the model, 0 for the event loop's; chosen when the model loads if unset. */
  readonly inferenceThreads: number | undefined;
  /** Traffic of the model in `candidate/` below the model's directory: none, a copy of every row, or a percentage of requests. */
  readonly candidateTraffic: CandidateTraffic;
  /** Largest request body, after decompression. */
  readonly maxBodyBytes: number;
  /** Bytes of all bodies in memory at once; those up to 64 KiB are not counted. */
  readonly maxBufferedBytes: number;
  /** Levels of arrays and objects in a JSON body. */
  readonly maxJsonDepth: number;
  /** Largest answer in bytes, before compression. Cloud Run's own limit is the default. */
  readonly maxReplyBytes: number;
  /** How long a request may take to arrive, and an answer may stay unread. */
  readonly clientTimeoutMs: number;
  /** Rows of one model run; larger requests are split. */
  readonly maxBatchRows: number;
  /** Rows of one request. */
  readonly maxRequestRows: number;
  /** Rows that may be queued ahead of a new request; beyond that it is refused. */
  readonly maxQueuedRows: number;
  /** Bytes of the tensors of queued rows; a request that would exceed them is refused. */
  readonly maxQueuedBytes: number;
  /** How long rows may wait and run before their request gets a 503. */
  readonly requestTimeoutMs: number;
  /** Whether the function bypasses the framework's middleware. */
  readonly directServing: boolean;
  /** Which requests are logged: all but successful probes, those with a problem, or only server errors. */
  readonly logRequests: 'all' | 'problems' | 'none';
  /** Log lines per second for requests; those with a problem are always written. */
  readonly maxLogLines: number;
  /** Log lines for machines or for people. */
  readonly logFormat: 'json' | 'text';
  /** Whether the body of one request in a hundred is logged. */
  readonly logInputs: 'off' | 'sample';
  /** Undefined when no request is captured. */
  readonly capture: CaptureSettings | undefined;
  /** OpenTelemetry export of metrics and spans; undefined when off. */
  readonly openTelemetry: OpenTelemetryConfig | undefined;
  /** Google Cloud project, which links log lines to their traces. */
  readonly project: string | undefined;
}

/** Settings from OpenTelemetry's standard variables. */
export interface OpenTelemetryConfig {
  /** Base of the paths `/v1/metrics` and `/v1/traces`, without a trailing slash. */
  readonly endpoint: string;
  /** Header fields of each export, such as credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly metricsIntervalMs: number;
  readonly spansIntervalMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads every setting; a wrong value throws an error that names the variable, the value and the rule. */
export function readConfig(environment: Environment = process.env): Config {
  const { integer, choice, text, path } = createReaders(environment);
  const health = path('AIP_HEALTH_ROUTE');
  const predict = path('AIP_PREDICT_ROUTE');
  const score = path('SCORE_ROUTE');
  return Object.freeze({
    port: integer('AIP_HTTP_PORT', integer('PORT', 8080, 0, 65_535), 0, 65_535),
    vertexRoutes: { ...(health && { health }), ...(predict && { predict }), ...(score && { score }) },
    webhookSenders: readSenders('WEBHOOK_SENDERS', text('WEBHOOK_SENDERS', '')),
    corsOrigins: readOrigins('CORS_ORIGINS', text('CORS_ORIGINS', '')),
    modelDirectory: resolve(text('MODEL_DIR', resolve(__dirname, '../model'))),
    modelLoading: choice('MODEL_LOADING', ['lazy', 'eager']),
    loadRetryMs: integer('LOAD_RETRY_MS', 1000, 0, 3_600_000),
    onnxThreads: integer('ONNX_THREADS', 1, 1, 64),
    inferenceThreads: integer('INFERENCE_THREADS', undefined, 0, 64),
    candidateTraffic: readCandidateTraffic(text('CANDIDATE_TRAFFIC', 'off')),
    maxBodyBytes: integer('MAX_BODY_BYTES', 10 * 1024 * 1024, 1024, 512 * 1024 * 1024),
    maxBufferedBytes: integer('MAX_BUFFERED_BYTES', 32 * 1024 * 1024, 64 * 1024, 16 * 1024 ** 3),
    maxJsonDepth: integer('MAX_JSON_DEPTH', 64, 8, 10_000),
    maxReplyBytes: integer('MAX_REPLY_BYTES', 32 * 1024 * 1024, 1024, 1024 * 1024 * 1024),
    clientTimeoutMs: integer('CLIENT_TIMEOUT_MS', 60_000, 100, 3_600_000),
    maxBatchRows: integer('MAX_BATCH_ROWS', 1024, 1, 1_000_000),
    maxRequestRows: integer('MAX_REQUEST_ROWS', 100_000, 1, 10_000_000),
    maxQueuedRows: integer('MAX_QUEUED_ROWS', 15_000, 1, 10_000_000),
    maxQueuedBytes: integer('MAX_QUEUED_BYTES', 128 * 1024 * 1024, 1, 16 * 1024 ** 3),
    requestTimeoutMs: integer('REQUEST_TIMEOUT_MS', 30_000, 1, 3_600_000),
    directServing: choice('DIRECT_SERVING', ['on', 'off']) === 'on',
    logRequests: choice('LOG_REQUESTS', ['all', 'problems', 'none']),
    maxLogLines: integer('MAX_LOG_LINES', 1000, 1, 1_000_000),
    logFormat: logFormat(choice('LOG_FORMAT', ['auto', 'json', 'text'])),
    logInputs: choice('LOG_INPUTS', ['off', 'sample']),
    capture: readCapture(
      text('CAPTURE', 'off'),
      text('CAPTURE_TO', 'log'),
      choice('CAPTURE_FORMAT', ['ndjson', 'arrow']),
      integer('CAPTURE_MAX_BYTES', 2 ** 30, 2 ** 20, 2 ** 50),
    ),
    project: text('GOOGLE_CLOUD_PROJECT', '') || undefined,
    openTelemetry: readOpenTelemetry(createReaders(environment)),
  });
}

function readOpenTelemetry({ text, integer, url, pairs }: Readers): OpenTelemetryConfig | undefined {
  const endpoint = url('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    headers: pairs('OTEL_EXPORTER_OTLP_HEADERS'),
    serviceName: text('OTEL_SERVICE_NAME', text('K_SERVICE', 'onnx-predict-function')),
    metricsIntervalMs: integer('OTEL_METRIC_EXPORT_INTERVAL', 60_000, 100, 3_600_000),
    spansIntervalMs: integer('OTEL_BSP_SCHEDULE_DELAY', 5000, 100, 3_600_000),
  };
}

/** Express sends stack traces to callers unless NODE_ENV is production. */
export function assumeProduction(environment: NodeJS.ProcessEnv = process.env): void {
  environment.NODE_ENV ??= 'production';
}

function logFormat(choice: 'auto' | 'json' | 'text'): Config['logFormat'] {
  if (choice !== 'auto') return choice;
  return process.stdout.isTTY ? 'text' : 'json';
}

/** LOG_FORMAT alone, to log errors in the other settings; `readConfig` refuses a wrong value. */
export function readLogFormat({ LOG_FORMAT: format }: Environment = process.env): Config['logFormat'] {
  return format === 'json' || format === 'text' ? format : logFormat('auto');
}

type Readers = ReturnType<typeof createReaders>;

function createReaders(environment: Environment) {
  // An empty variable counts as unset: deploy tools cannot tell the two apart.
  const read = (name: string) => environment[name] || undefined;

  return {
    text: (name: string, fallback: string): string => read(name) ?? fallback,

    integer<Fallback = number>(name: string, fallback: Fallback, min: number, max: number): number | Fallback {
      const given = read(name);
      if (given === undefined) return fallback;
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw new RangeError(`${name} is ${JSON.stringify(given)}: expected an integer from ${min} to ${max}.`);
    },

    path(name: string): string | undefined {
      const given = read(name);
      if (given === undefined || /^\/[^\s?#]*$/.test(given)) return given;
      throw new RangeError(`${name} is ${JSON.stringify(given)}: expected a path that starts with "/".`);
    },

    url(name: string): string | undefined {
      const given = read(name);
      if (given === undefined || /^https?:\/\/[^\s?#]+$/.test(given)) return given?.replace(/\/+$/, '');
      throw new RangeError(`${name} is ${JSON.stringify(given)}: expected a URL that starts with http:// or https://.`);
    },

    /** Names and values as `a=1,b=2`, percent-encoded. Errors do not quote the value: it may be a secret. */
    pairs(name: string): Readonly<Record<string, string>> {
      const parts = (read(name) ?? '').split(',').filter((part) => part.trim() !== '');
      return Object.fromEntries(
        parts.map((part) => {
          const [, key, value] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
          if (key !== undefined && value !== undefined) return [key.toLowerCase(), decodeURIComponent(value)];
          throw new RangeError(`${name} is malformed: expected name=value pairs separated by commas.`);
        }),
      );
    },

    /** The first choice is the default. */
    choice<const Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
      const given = read(name);
      if (given === undefined) return choices[0];
      const chosen = choices.find((choice) => choice === given);
      if (chosen !== undefined) return chosen;
      throw new RangeError(`${name} is ${JSON.stringify(given)}: expected ${choices.join(' or ')}.`);
    },
  };
}
