/** Checks what callers send against the schema that a card with hooks gives for it. */
import { type Fault, Problem } from '../../problem';
import type { Work } from '../../turns';
import type { HooksSpec } from '../card/hooks';
import type { ValidationError, Validator } from '../instances/compile';
import { invalidInput } from '../instances/contract';
import { describeValue, escapePointer, expectationOf, maxFaults, quote } from '../instances/faults';

// Late: ajv takes longer to load than the rest of the start, and a card without hooks has its validators built.
const loadCompiler = () => require('../instances/compile') as typeof import('../instances/compile');

/** Instances checked between two looks at the clock. */
const rowsPerStep = 64;

export interface OuterContract {
  /** The instances, each an object: one that is an array has its values in the schema's order. Throws `invalid-input` with the
   * first faults. `pointer` is the place of the instances in the request. */
  check(instances: unknown, pointer: string): Work<readonly object[]>;
  /** A problem of instances, pointed at what was sent: values that were named by their places. */
  relocate(failure: unknown, sent: readonly unknown[], pointer: string): unknown;
  /** What is wrong with an answer; undefined where nothing is. */
  findMisfit(answer: unknown): string | undefined;
}

export function createOuterContract({ instance, prediction }: HooksSpec): OuterContract {
  const names = Object.keys(instance.properties ?? {});
  const { required = [] } = instance as { readonly required?: readonly string[] };
  let validators: { readonly instance: Validator; readonly prediction: Validator } | undefined;

  function compiled() {
    const { compileSchema } = loadCompiler();
    validators ??= { instance: compileSchema(instance), prediction: compileSchema(prediction) };
    return validators;
  }

  function* check(instances: unknown, pointer: string): Work<readonly object[]> {
    const rows = expectRows(instances, pointer);
    const named: object[] = [];
    const faults: Fault[] = [];
    for (let row = 0; row < rows.length && faults.length < maxFaults; row++) {
      if (row % rowsPerStep === rowsPerStep - 1) yield;
      const value = toNamed(rows[row], names, required);
      faults.push(...findFaults(value, `${pointer}/${row}`));
      named.push(value as object);
    }
    if (faults.length > 0) throw invalidInput(faults.slice(0, maxFaults));
    return named;
  }

  function findFaults(value: unknown, pointer: string): readonly Fault[] {
    const { instance: validate } = compiled();
    return validate(value) ? [] : (validate.errors ?? []).map((error) => toFault(error, value, pointer));
  }

  function findMisfit(answer: unknown): string | undefined {
    const { prediction: validate } = compiled();
    if (validate(answer)) return undefined;
    const [error] = validate.errors ?? [];
    if (error === undefined) return 'does not match its schema';
    const { pointer, detail } = toFault(error, answer, '');
    return `${pointer || 'the answer'}: ${detail}`;
  }

  function relocate(failure: unknown, sent: readonly unknown[], pointer: string): unknown {
    if (!(failure instanceof Problem) || failure.errors === undefined) return failure;
    return invalidInput(
      failure.errors.map((fault) => {
        const row = fault.pointer.slice(pointer.length + 1).split('/')[0] ?? '';
        return Array.isArray(sent[Number(row)]) ? pointAtPlace(fault, `${pointer}/${row}`, names) : fault;
      }),
    );
  }

  return { check, relocate, findMisfit };
}

function toFault(error: ValidationError, instance: unknown, pointer: string): Fault {
  const { keyword, instancePath, params } = error;
  const at = pointer + instancePath;
  const { missingProperty, additionalProperty } = params as Readonly<Record<string, unknown>>;
  if (keyword === 'required')
    return { pointer: at, detail: `expected the member ${quote(String(missingProperty))}, which is missing` };
  if (keyword === 'additionalProperties')
    return { pointer: `${at}/${escapePointer(String(additionalProperty))}`, detail: 'expected no such member' };
  return {
    pointer: at,
    detail: `expected ${expectationOf(error)}, got ${describeValue(valueAt(instance, instancePath))}`,
  };
}

function valueAt(instance: unknown, path: string): unknown {
  const tokens = path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return tokens.reduce<unknown>(
    (value, token) => (value as Readonly<Record<string, unknown>> | undefined)?.[token],
    instance,
  );
}

function expectRows(instances: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(instances) && instances.length > 0) return instances;
  const got = Array.isArray(instances) ? 'an empty array' : describeValue(instances);
  throw invalidInput([{ pointer, detail: `expected an array of at least one instance, got ${got}` }]);
}

/** An array of another length stays as it is, for the schema to refuse. Null leaves a value out that is not required. */
function toNamed(instance: unknown, names: readonly string[], required: readonly string[]): unknown {
  if (!Array.isArray(instance) || instance.length !== names.length) return instance;
  const values = names.map((name, i): readonly [string, unknown] => [name, instance[i]]);
  return Object.fromEntries(values.filter(([name, value]) => value !== null || required.includes(name)));
}

/** Points a fault of a named value at its place in an array. */
function pointAtPlace({ pointer, detail }: Fault, row: string, names: readonly string[]): Fault {
  const [name = '', ...rest] = pointer.slice(row.length + 1).split('/');
  const place = names.map(escapePointer).indexOf(name);
  return place === -1 ? { pointer, detail } : { pointer: [row, place, ...rest].join('/'), detail };
}
