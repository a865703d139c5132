/** The contract between callers and the model: instances that match the card become tensors, others a problem. */
import { type Fault, Problem } from '../../problem';
import type { Work } from '../../turns';
import type { Card } from '../card/card';
import { copyRows, createTensors, rowWidth, type Tensors } from '../tensors/tensors';
import type { InstanceValidators } from './compile';
import { describeValue, maxFaults } from './faults';
import { createFill, createFreeFill } from './fill';
import { createForms, type Form } from './forms';
import { createTensorRules, type TensorRule } from './tensor-rules';
import { createTextFill } from './text-feature';

/** Elements filled between two checks of the clock, about 0.1 ms. */
const elementsPerStep = 4096;
/** Elements allocated before their rows are checked: two bytes of a body may claim a row of a million. */
const elementsAtFirst = 1024 * 1024;

interface Reading {
  readonly form: Form;
  readonly pointer: string;
  readonly faults: Fault[];
}

export interface Contract {
  /**
   * Checks every instance and fills the input tensors.
   *
   * `pointer` is the place of the instances in the body. Throws `invalid-input` with the first faults.
   */
  readInstances(instances: unknown, pointer: string): Work<Tensors>;
  /** For each input, the rules that features add to its datatype; undefined when there are none. */
  tensorRules(): readonly (TensorRule | undefined)[];
}

/** The directory is the card's, for what it names beside itself. */
export function createContract(card: Card, directory: string, validators: InstanceValidators): Contract {
  const forms = createForms(card, validators);
  const fill = createFill(card);
  const laterFills = [createFreeFill(card), createTextFill(card, directory)].filter((later) => later !== undefined);
  const hasRest = laterFills.length > 0;
  const texts = card.features.filter(({ tokenizer }) => tokenizer !== undefined);

  const rowsPerStep = Math.max(1, Math.floor(elementsPerStep / elementsOfRow(card)));
  const rowsAtFirst = Math.max(1, Math.floor(elementsAtFirst / elementsOfRow(card)));

  function* readInstances(instances: unknown, pointer: string): Work<Tensors> {
    const rows = expectRows(instances, pointer);
    const faults: Fault[] = [];
    const reading = { form: Array.isArray(rows[0]) ? forms.array : forms.object, pointer, faults };
    let tensors = withTexts(createTensors(card.inputs, Math.min(rows.length, rowsAtFirst)));
    for (let row = 0; row < rows.length && faults.length < maxFaults; row++) {
      if (row > 0 && row % rowsPerStep === 0) yield;
      tensors = withRoom(tensors, row, rows.length);
      if (readRow(tensors, row, rows[row], reading) && hasRest)
        yield* readRest(tensors, row, rows[row] as object, reading);
    }
    if (faults.length > 0) throw invalidInput(faults.slice(0, maxFaults));
    return tensors;
  }

  /** Returns whether the instance has no fault so far. */
  function readRow(tensors: Tensors, row: number, instance: unknown, reading: Reading): boolean {
    const { form, pointer, faults } = reading;
    if (!form.accepts(instance)) {
      faults.push(...form.explain(instance, `${pointer}/${row}`));
      return false;
    }
    return note(fill(tensors, row, instance, form), row, reading);
  }

  /** Reads what may be long: values of free sizes, and texts. */
  function* readRest(tensors: Tensors, row: number, instance: object, reading: Reading): Work<void> {
    for (const later of laterFills) if (!note(yield* later(tensors, row, instance, reading.form), row, reading)) return;
  }

  function note(misfit: Fault | undefined, row: number, { pointer, faults }: Reading): boolean {
    if (misfit !== undefined) faults.push({ ...misfit, pointer: `${pointer}/${row}${misfit.pointer}` });
    return misfit === undefined;
  }

  /** With a place for the texts, where the model takes any. */
  function withTexts(tensors: Tensors): Tensors {
    if (texts.length === 0) return tensors;
    return { ...tensors, texts: new Map(texts.map(({ name }) => [name, []])) };
  }

  /** The tensors, or longer ones when they are full before all rows are read. */
  function withRoom(tensors: Tensors, row: number, rows: number): Tensors {
    if (row < tensors.rows) return tensors;
    const longer = { ...createTensors(card.inputs, Math.min(rows, 2 * row)), texts: tensors.texts };
    copyRows({ tensors, from: 0, to: tensors.rows }, longer, 0);
    return longer;
  }

  let rules: readonly (TensorRule | undefined)[] | undefined;

  // Only requests with tensors need them.
  function tensorRules(): readonly (TensorRule | undefined)[] {
    rules ??= createTensorRules(card);
    return rules;
  }

  return { readInstances, tensorRules };
}

function elementsOfRow({ inputs }: Card): number {
  return inputs.reduce((sum, spec) => sum + rowWidth(spec), 0);
}

function expectRows(instances: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(instances) && instances.length > 0) return instances;
  const detail = Array.isArray(instances)
    ? 'expected at least one instance, got an empty array'
    : `expected an array of instances, got ${describeValue(instances)}`;
  throw invalidInput([{ pointer, detail }]);
}

/** The problem for faults in the body; its detail is the first one. */
export function invalidInput(faults: readonly Fault[]): Problem {
  const [{ pointer, detail } = { pointer: '', detail: '' }] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  // Of the body as a whole there is no place to name.
  const first = pointer === '' ? `${detail.charAt(0).toUpperCase()}${detail.slice(1)}` : `${pointer}: ${detail}`;
  return new Problem('invalid-input', `${first}${more}.`, { errors: faults });
}
