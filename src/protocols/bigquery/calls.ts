/** BigQuery calls to instances: one argument per feature, or one JSON argument that is the instance. */
import type { Card } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import {
  type ArgumentKind,
  checkCall,
  checkCalls,
  checkNullRule,
  type NullRule,
  toArgument,
} from '../shared/remote-calls';

export interface Calls {
  /** Instances of the calls without NULL, in order. */
  readonly instances: readonly unknown[];
  /** The index of the call that each instance came from. */
  readonly rowOf: readonly number[];
  /** Number of calls, including those with NULL. */
  readonly count: number;
}

/** Values read between two looks at the clock, about 0.1 ms. */
const valuesPerStep = 512;

/** Throws the problem `invalid-input` if `calls` is not a list of calls, or contains NULL and `onNull` is `error`. */
export function* readCalls(calls: unknown, card: Card, onNull: NullRule): Work<Calls> {
  checkCalls(calls);
  const toInstance = createCallReader(card);
  const instances: unknown[] = [];
  const rowOf: number[] = [];
  let values = 0;
  for (const [row, call] of calls.entries()) {
    if (values >= valuesPerStep) {
      values = 0;
      yield;
    }
    checkCall(call, row);
    values += countValues(call, card);
    const instance = toInstance(call);
    if (instance !== undefined) {
      instances.push(instance);
      rowOf.push(row);
    } else checkNullRule(onNull, call, row);
  }
  return { instances, rowOf, count: calls.length };
}

/** Whether a call is one JSON argument rather than one value per feature; for a model with a single shaped feature, an array is its value. */
export function isJsonCall(call: unknown, { features: [only, ...others] }: Card): call is readonly [object] {
  if (!Array.isArray(call) || call.length !== 1 || typeof call[0] !== 'object' || call[0] === null) return false;
  return !(Array.isArray(call[0]) && others.length === 0 && only?.shape !== undefined);
}

function countValues(call: readonly unknown[], card: Card): number {
  const only = call[0] as object;
  return 1 + (isJsonCall(call, card) && !Array.isArray(only) ? Object.keys(only).length : call.length);
}

/** Turns a call into an instance; undefined stands for NULL. */
function createCallReader(card: Card): (call: readonly unknown[]) => unknown {
  const { features, inputs } = card;
  const kinds = features.map(
    ({ input, nullable }): ArgumentKind => ({
      isText: datatypes[(inputs.find(({ name }) => name === input) as TensorSpec).datatype].kind === 'text',
      isNullable: nullable === true,
    }),
  );
  const kindOf = new Map(features.map(({ name }, i) => [name, kinds[i]]));

  function toValues(values: readonly unknown[]): unknown {
    // A call of the wrong length stays as it is for validation to reject: it may be a million arguments long.
    if (values.length !== features.length || !values.some(isEncoded)) return values;
    const read = values.map((value, i) => toArgument(value, kinds[i]));
    return read.includes(undefined) ? undefined : read;
  }

  function toMembers(members: object): unknown {
    if (!Object.values(members).some(isEncoded)) return members;
    const read = Object.entries(members).map(([name, value]) => [name, toArgument(value, kindOf.get(name))]);
    return read.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(read);
  }

  return (call) => {
    const [only] = call;
    // A JSON argument may itself be NULL.
    if (call.length === 1 && only === null) return undefined;
    if (!isJsonCall(call, card)) return toValues(call);
    return Array.isArray(only) ? toValues(only) : toMembers(only as object);
  };
}

/** Whether a value may need conversion; most rows have none that does. */
function isEncoded(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
