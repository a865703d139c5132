/** Calls of a BigQuery remote function to instances: one argument a feature, or one JSON argument that is the instance. */
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import { datatypes } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';
import type { Problem } from '../../problem';
import type { Work } from '../../turns';

export interface Calls {
  /** Instances of the calls without NULL, in order. */
  readonly instances: readonly unknown[];
  /** The call that each instance came from. */
  readonly rowOf: readonly number[];
  /** Calls in all, those with NULL among them. */
  readonly count: number;
}

/** Arguments, or members of JSON arguments, that are read between two looks at the clock: a tenth of a millisecond or so. */
const valuesPerStep = 512;

// INT64 beyond 2^53, NUMERIC and BIGNUMERIC come as text.
const longestNumber = 400;
const numberText = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Throws the problem `invalid-input` for what is no list of calls, and for NULL where `onNull` says so. */
export function* readCalls(calls: unknown, card: Card, onNull: 'null' | 'error'): Work<Calls> {
  if (!Array.isArray(calls)) throw fault('/calls', 'an array of calls', calls);
  if (calls.length === 0) throw fault('/calls', 'at least one call', calls);
  const toInstance = createCallReader(card);
  const instances: unknown[] = [];
  const rowOf: number[] = [];
  let values = 0;
  for (const [row, call] of (calls as readonly unknown[]).entries()) {
    if (values >= valuesPerStep) {
      values = 0;
      yield;
    }
    if (!Array.isArray(call)) throw fault(`/calls/${row}`, 'an array of arguments', call);
    values += countValues(call, card);
    const instance = toInstance(call);
    if (instance !== undefined) {
      instances.push(instance);
      rowOf.push(row);
    } else if (onNull === 'error') throw fault(`/calls/${row}`, 'no NULL, as the context says', call);
  }
  return { instances, rowOf, count: calls.length };
}

/** Whether a call is one argument of the type JSON, and not one value a feature: an array is the value of an only feature that has a shape. */
export function isJsonCall(call: unknown, { features: [only, ...others] }: Card): call is readonly [object] {
  if (!Array.isArray(call) || call.length !== 1 || typeof call[0] !== 'object' || call[0] === null) return false;
  return !(Array.isArray(call[0]) && others.length === 0 && only?.shape !== undefined);
}

function countValues(call: readonly unknown[], card: Card): number {
  const only = call[0] as object;
  return 1 + (isJsonCall(call, card) && !Array.isArray(only) ? Object.keys(only).length : call.length);
}

/** Makes an instance of a call; undefined stands for NULL. */
function createCallReader(card: Card): (call: readonly unknown[]) => unknown {
  const { features, inputs } = card;
  const kinds = features.map(
    ({ input, nullable }): Kind => ({
      isText: datatypes[(inputs.find(({ name }) => name === input) as TensorSpec).datatype].kind === 'text',
      isNullable: nullable === true,
    }),
  );
  const kindOf = new Map(features.map(({ name }, i) => [name, kinds[i]]));

  function toValues(values: readonly unknown[]): unknown {
    // A call of another length is a mistake, and is read as it is: it may be a million arguments long.
    if (values.length !== features.length || !values.some(isEncoded)) return values;
    const read = values.map((value, i) => toValue(value, kinds[i]));
    return read.includes(undefined) ? undefined : read;
  }

  function toMembers(members: object): unknown {
    if (!Object.values(members).some(isEncoded)) return members;
    const read = Object.entries(members).map(([name, value]) => [name, toValue(value, kindOf.get(name))]);
    return read.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(read);
  }

  return (call) => {
    const [only] = call;
    // A JSON argument may be NULL as a whole.
    if (call.length === 1 && only === null) return undefined;
    if (!isJsonCall(call, card)) return toValues(call);
    return Array.isArray(only) ? toValues(only) : toMembers(only as object);
  };
}

/** Whether a value may stand for another one: most rows have none that does. */
function isEncoded(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

interface Kind {
  readonly isText: boolean;
  readonly isNullable: boolean;
}

/** The value of an argument; undefined for NULL, and for NaN, which stands for a missing number, unless the model takes them. */
function toValue(value: unknown, kind: Kind | undefined): unknown {
  const missing = kind?.isNullable === true ? null : undefined;
  if (value === null) return missing;
  if (kind?.isText === true || typeof value !== 'string' || value.length > longestNumber) return value;
  if (value === 'NaN') return missing;
  return numberText.test(value) ? Number(value) : value;
}

function fault(pointer: string, expected: string, came: unknown): Problem {
  return invalidInput([{ pointer, detail: `expected ${expected}, got ${describeValue(came)}` }]);
}
