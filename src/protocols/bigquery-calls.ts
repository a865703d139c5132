/** Calls of a BigQuery remote function to instances: one argument a feature, or one JSON argument that is the instance. */
import type { Card } from '../model/card';
import { invalidInput } from '../model/contract';
import { describeValue } from '../model/faults';

export interface Calls {
  /** Instances of the calls without NULL, in order. */
  readonly instances: readonly unknown[];
  /** The call that each instance came from. */
  readonly rowOf: readonly number[];
  /** Calls in all, those with NULL among them. */
  readonly count: number;
}

// INT64 beyond 2^53, NUMERIC and BIGNUMERIC come as text.
const numberText = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Throws the problem `invalid-input` for what is no list of calls, and for NULL where `onNull` says so. */
export function readCalls(calls: unknown, card: Card, onNull: 'null' | 'error'): Calls {
  if (!Array.isArray(calls)) throw fault('/calls', 'an array of calls', calls);
  if (calls.length === 0) throw fault('/calls', 'at least one call', calls);
  const isText = card.features.map(({ input }) => card.inputs.find(({ name }) => name === input)?.datatype === 'BYTES');
  const textByName = new Map(card.features.map(({ name }, i) => [name, isText[i] as boolean]));
  const instances: unknown[] = [];
  const rowOf: number[] = [];

  for (const [row, call] of calls.entries()) {
    if (!Array.isArray(call)) throw fault(`/calls/${row}`, 'an array of arguments', call);
    const instance = toInstance(call);
    if (instance !== undefined) {
      instances.push(instance);
      rowOf.push(row);
    } else if (onNull === 'error') throw fault(`/calls/${row}`, 'no NULL, as the context says', call);
  }
  return { instances, rowOf, count: calls.length };

  /** Undefined stands for NULL. */
  function toInstance(call: readonly unknown[]): unknown {
    if (!isJsonCall(call)) return toValues(call);
    const [only] = call;
    return Array.isArray(only) ? toValues(only) : toMembers(only);
  }

  function toValues(values: readonly unknown[]): unknown {
    const read = values.map((value, i) => toValue(value, isText[i] === true));
    return read.includes(undefined) ? undefined : read;
  }

  function toMembers(members: object): unknown {
    const read = Object.entries(members).map(([name, value]) => [name, toValue(value, textByName.get(name) === true)]);
    return read.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(read);
  }
}

/** Whether a call is one argument of the type JSON, and not one value a feature. */
export function isJsonCall(call: unknown): call is readonly [object] {
  return Array.isArray(call) && call.length === 1 && typeof call[0] === 'object' && call[0] !== null;
}

/** The value of an argument; undefined for NULL, and for NaN, which stands for a missing number. */
function toValue(value: unknown, isText: boolean): unknown {
  if (value === null) return undefined;
  if (isText || typeof value !== 'string') return value;
  if (value === 'NaN') return undefined;
  return numberText.test(value) ? Number(value) : value;
}

function fault(pointer: string, expected: string, came: unknown): Error {
  return invalidInput([{ pointer, detail: `expected ${expected}, came ${describeValue(came)}` }]);
}
