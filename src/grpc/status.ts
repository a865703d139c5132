/** The status codes of gRPC, and the one of each problem. */
import type { ProblemType } from '../problem';

export const statusCodes = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const { invalidArgument, deadlineExceeded, notFound, resourceExhausted, unimplemented, unavailable } = statusCodes;

/** Clients repeat a call after `unavailable` without being told to, so it stands for what passes. */
export const statusOfProblem: Readonly<Record<ProblemType, number>> = {
  'malformed-request': invalidArgument,
  'malformed-body': invalidArgument,
  'unknown-envelope': invalidArgument,
  'untrusted-origin': statusCodes.permissionDenied,
  'not-found': unimplemented,
  'unknown-model': notFound,
  'not-explainable': notFound,
  'method-not-allowed': unimplemented,
  'request-timeout': deadlineExceeded,
  'body-too-large': resourceExhausted,
  'too-many-rows': resourceExhausted,
  'too-many-values': resourceExhausted,
  'unsupported-media-type': unimplemented,
  'reply-too-large': resourceExhausted,
  'expectation-failed': invalidArgument,
  'invalid-input': invalidArgument,
  overloaded: unavailable,
  'headers-too-large': resourceExhausted,
  'caller-gone': statusCodes.cancelled,
  internal: statusCodes.internal,
  'model-unavailable': unavailable,
  'deadline-exceeded': deadlineExceeded,
  draining: unavailable,
};
