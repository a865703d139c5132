/** Faults of a body: where, what was expected, what was received. */
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Problem } from '../../problem';

export function invalid(pointer: string, detail: string): Problem {
  return invalidInput([{ pointer, detail }]);
}

export function expected(pointer: string, what: string, got: unknown): Problem {
  return invalid(pointer, `expected ${what}, got ${describeValue(got)}`);
}

/** Lists the first of the allowed values. */
export function oneOf(names: readonly string[]): string {
  return names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(' or ');
}
