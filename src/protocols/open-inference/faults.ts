/** What is wrong with a request: where it stands, what was expected, what came. */
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Problem } from '../../problem';

/** A tensor that does not match the model's signature. */
export function invalid(pointer: string, detail: string): Problem {
  return invalidInput([{ pointer, detail }]);
}

export function expected(pointer: string, what: string, came: unknown): Problem {
  return invalid(pointer, `expected ${what}, got ${describeValue(came)}`);
}

/** Names the values that would do, the first of many. */
export function oneOf(names: readonly string[]): string {
  return names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(' or ');
}
