/** What causes each problem, and what to do about it: `docs/reference/errors.md` prints the same. */
import type { ProblemType } from '../problem';

export interface Advice {
  readonly cause: string;
  readonly cure: string;
}

/** What callers get; the other is for the log. */
export type Explained = Exclude<ProblemType, 'caller-gone'>;

/** Code is between backticks. */
export const advice: Readonly<Record<Explained, Advice>> = {
  'malformed-request': {
    cause: 'the request line or a header field is not valid HTTP',
    cure: 'send HTTP/1.1 with a `Host` field',
  },
  'malformed-body': {
    cause: 'the body is not JSON, or not what its encoding says',
    cure: 'the detail has the position; write `null` for NaN',
  },
  'unknown-envelope': {
    cause: 'the body has no member that a protocol knows, or more than one',
    cure: 'see Protocols in the documentation',
  },
  'untrusted-origin': {
    cause: 'a web page on another origin called `/mcp`',
    cure: 'list the origin in `CORS_ORIGINS`',
  },
  'not-found': { cause: 'no such path', cure: '`GET /` lists all paths' },
  'unknown-model': { cause: 'another model or version is served here', cure: '`GET /v1/models` lists the models' },
  'not-explainable': {
    cause: 'the card has no background rows or too many, or the model has no numeric prediction',
    cure: 'the detail says which: add `data.background` to the card, shorten it, or raise `MAX_REQUEST_ROWS`',
  },
  'method-not-allowed': { cause: 'the path does not take this method', cure: '`Allow` lists those that it takes' },
  'request-timeout': {
    cause: 'the request took longer than `CLIENT_TIMEOUT_MS` to arrive',
    cure: 'send it faster, or in smaller parts',
  },
  'body-too-large': {
    cause: 'more than `MAX_BODY_BYTES` after decompression',
    cure: 'split the request or raise the setting',
  },
  'too-many-rows': { cause: 'more than `MAX_REQUEST_ROWS` rows', cure: 'split the request or raise the setting' },
  'too-many-values': {
    cause: 'more arrays, objects and values than that many rows can need',
    cure: 'split the request',
  },
  'reply-too-large': {
    cause: 'the answer would exceed `MAX_REPLY_BYTES`',
    cure: 'split the request, or ask for fewer outputs',
  },
  'unsupported-media-type': {
    cause: 'the content type or encoding is not known',
    cure: 'send `application/json`, plain, gzip or deflate',
  },
  'expectation-failed': { cause: '`Expect` asks for something other than `100-continue`', cure: 'leave the field out' },
  'invalid-input': {
    cause: 'an instance does not match the card',
    cure: '`errors` lists the first 20 faults with a JSON Pointer each',
  },
  overloaded: {
    cause: 'too many rows or long bodies are waiting',
    cure: 'wait for `Retry-After` seconds; raise `MAX_QUEUED_ROWS`, `MAX_QUEUED_BYTES` or the instances',
  },
  'headers-too-large': { cause: 'more than 16 KiB of header fields', cure: 'send fewer' },
  internal: { cause: 'a defect in the server or the model', cure: 'the log has the cause; please report it' },
  'model-unavailable': {
    cause: 'the weights are missing, damaged or not those of the card',
    cure: 'the log says which; `npm run model -- check model`',
  },
  'deadline-exceeded': {
    cause: 'the rows did not run within `REQUEST_TIMEOUT_MS`',
    cure: 'send fewer rows, or add instances',
  },
  draining: { cause: 'the instance is shutting down', cure: 'retry: another instance answers' },
};
