/** The catalogue of failures, each with an HTTP status and a title, and the error that carries one to the caller. */

export const problemTypes = {
  'malformed-request': { status: 400, title: 'The request head is malformed' },
  'malformed-body': { status: 400, title: 'The body is malformed' },
  'unknown-envelope': { status: 400, title: 'The body matches no known protocol' },
  'untrusted-origin': { status: 403, title: 'The page may not call this' },
  'not-found': { status: 404, title: 'Unknown path' },
  'unknown-model': { status: 404, title: 'Unknown model' },
  'not-explainable': { status: 404, title: 'This model cannot be explained' },
  'method-not-allowed': { status: 405, title: 'Method not allowed on this path' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'too-many-rows': { status: 413, title: 'The request has too many rows' },
  'too-many-values': { status: 413, title: 'The body has too many values' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type or encoding' },
  'reply-too-large': { status: 413, title: 'The reply would be too large' },
  'expectation-failed': { status: 417, title: 'Unsupported expectation' },
  'invalid-input': { status: 422, title: 'The input does not match the model signature' },
  overloaded: { status: 429, title: 'The server is overloaded' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  // For the log only: the caller is gone.
  'caller-gone': { status: 499, title: 'The caller closed the connection' },
  internal: { status: 500, title: 'Internal server error' },
  'model-unavailable': { status: 503, title: 'The model cannot be loaded' },
  'deadline-exceeded': { status: 503, title: 'The request was not answered in time' },
  draining: { status: 503, title: 'This instance is shutting down' },
} as const;

export type ProblemType = keyof typeof problemTypes;

/** One fault in the body. `pointer` is a JSON Pointer (RFC 6901) into the request body. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly Fault[];
  /** When the caller may retry. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure that callers may see. Any other error reaches them as `internal`, without its message. */
export class Problem extends Error {
  readonly type: ProblemType;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly Fault[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    this.type = type;
    this.status = problemTypes[type].status;
    this.title = problemTypes[type].title;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The RFC 9457 document of a problem. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

export function toProblemUri(type: ProblemType): string {
  return `urn:problem-type:onnx-predict:${type}`;
}

export function toProblemDocument({ type, title, status, message, errors }: Problem): ProblemDocument {
  const document = { type: toProblemUri(type), title, status, detail: message };
  return errors === undefined ? document : { ...document, errors };
}

/** Wraps a thrown value that is not an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
