/** The contract between callers and the model: instances that match the card's signature become tensors, others a problem. */
import { type Fault, Problem } from '../problem';
import type { Card } from './card';
import type { InstanceValidators } from './compile';
import { describeValue, maxFaults } from './faults';
import { createFill } from './fill';
import { createForms } from './forms';
import type { TensorRule } from './tensor-rules';
import { createTensors, type Tensors } from './tensors';

/** Rows that are checked in one turn of the event loop, so that a long request does not hold up the others (about 1 ms). */
const rowsPerTurn = 4096;

export type InstancesDone = (outcome: Tensors | Problem) => void;

export interface Contract {
  /**
   * Checks every instance and fills the model's input tensors.
   *
   * `pointer` is where the instances stand in the body. Calls `done` once, in the same turn when the instances are few.
   */
  readInstances(instances: unknown, pointer: string, done: InstancesDone): void;
  /** What features ask of the elements of each input, where that is more than its datatype. */
  tensorRules(): readonly (TensorRule | undefined)[];
}

export function createContract(card: Card, validators: InstanceValidators): Contract {
  const forms = createForms(card, validators);
  const fill = createFill(card);

  function readInstances(instances: unknown, pointer: string, done: InstancesDone): void {
    const fault = findListFault(instances);
    if (fault !== undefined) return done(invalidInput([{ pointer, detail: fault }]));
    const rows = instances as readonly unknown[];
    const form = Array.isArray(rows[0]) ? forms.array : forms.object;
    const tensors = createTensors(card.inputs, rows.length);
    const faults: Fault[] = [];

    function readRow(row: number): void {
      const instance = rows[row];
      if (!form.accepts(instance)) return void faults.push(...form.explain(instance, `${pointer}/${row}`));
      const misfit = fill(tensors, row, instance, form);
      if (misfit !== undefined) faults.push({ ...misfit, pointer: `${pointer}/${row}${misfit.pointer}` });
    }

    function readTurn(from: number): void {
      const to = Math.min(from + rowsPerTurn, rows.length);
      for (let row = from; row < to && faults.length < maxFaults; row++) readRow(row);
      if (to < rows.length && faults.length < maxFaults) setImmediate(readTurn, to);
      else done(faults.length === 0 ? tensors : invalidInput(faults.slice(0, maxFaults)));
    }
    readTurn(0);
  }

  let rules: readonly (TensorRule | undefined)[] | undefined;

  // Only those who send tensors need them.
  function tensorRules(): readonly (TensorRule | undefined)[] {
    rules ??= (require('./tensor-rules') as typeof import('./tensor-rules')).createTensorRules(card);
    return rules;
  }

  return { readInstances, tensorRules };
}

function findListFault(instances: unknown): string | undefined {
  if (!Array.isArray(instances)) return `expected an array of instances, came ${describeValue(instances)}`;
  return instances.length === 0 ? 'expected at least one instance, came an empty array' : undefined;
}

/** The problem of faults in the body; the first one tells the story. */
export function invalidInput(faults: readonly Fault[]): Problem {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return new Problem('invalid-input', `${first?.pointer}: ${first?.detail}${more}.`, { errors: faults });
}
