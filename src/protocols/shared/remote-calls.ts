/** What calls of a BigQuery remote function have in common: the context of the function, NULL, and numbers as text. */
import { isMembers, type Members } from './envelope';
import { expected } from './faults';

// BigQuery sends INT64 beyond 2^53, NUMERIC and BIGNUMERIC as text.
const maxNumberLength = 400;
const isNumber = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** The schema of such a text, and of NaN, a missing number. */
export const numberText = { type: 'string', pattern: '^([+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|NaN)$' };

export interface ArgumentKind {
  readonly isText: boolean;
  readonly isNullable: boolean;
}

/** The value of an argument; undefined for NULL, and for NaN (a missing number), unless it is nullable. */
export function toArgument(value: unknown, kind: ArgumentKind | undefined): unknown {
  const missing = kind?.isNullable === true ? null : undefined;
  if (value === null) return missing;
  if (kind?.isText === true || typeof value !== 'string' || value.length > maxNumberLength) return value;
  if (value === 'NaN') return missing;
  return isNumber.test(value) ? Number(value) : value;
}

/** Throws the problem `invalid-input` if `calls` is not a list of at least one call. */
export function checkCalls(calls: unknown): asserts calls is readonly unknown[] {
  if (!Array.isArray(calls)) throw expected('/calls', 'an array of calls', calls);
  if (calls.length === 0) throw expected('/calls', 'at least one call', calls);
}

export function checkCall(call: unknown, i: number): asserts call is readonly unknown[] {
  if (!Array.isArray(call)) throw expected(`/calls/${i}`, 'an array of arguments', call);
}

export function readContext({ userDefinedContext: context = {} }: Members): Members {
  if (isMembers(context)) return context;
  throw expected('/userDefinedContext', 'an object', context);
}

/** Whether a call with NULL is answered with NULL, or fails the batch. */
export type NullRule = 'null' | 'error';

export function readNullRule({ nulls = 'null' }: Members): NullRule {
  if (nulls === 'null' || nulls === 'error') return nulls;
  throw expected('/userDefinedContext/nulls', '"null" or "error"', nulls);
}

/** For a call with NULL. */
export function checkNullRule(rule: NullRule, call: unknown, i: number): void {
  if (rule === 'error') throw expected(`/calls/${i}`, 'no NULL because "nulls" is "error"', call);
}
