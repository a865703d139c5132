/** Checks and reads the two forms of an instance: an array in feature order, or an object keyed by feature name. */
import type { Fault } from '../../problem';
import type { Card } from '../card/card';
import type { InstanceValidators, Validator } from './compile';
import { createFaultWriter, describeValue, escapePointer, maxFaults } from './faults';

export interface Form {
  accepts(instance: unknown): instance is object;
  /** The faults of the instance that was just rejected; `pointer` is its place in the body. */
  explain(instance: unknown, pointer: string): Fault[];
  /** The value of the feature at a position in the card. */
  read(instance: object, position: number): unknown;
  has(instance: object, position: number): boolean;
  /** The feature's token in a JSON Pointer. */
  key(position: number): string;
}

type FormRules = Pick<Form, 'read' | 'has' | 'key'> & {
  readonly article: string;
  readonly validate: Validator;
  isForm(instance: unknown): instance is object;
};

export function createForms(card: Card, validators: InstanceValidators) {
  const names = card.features.map(({ name }) => name);
  const { toFault, arityDetail } = createFaultWriter(card);

  function createForm({ article, validate, isForm, ...access }: FormRules): Form {
    const accepts = (instance: unknown): instance is object =>
      isForm(instance) && isOfBoundedSize(instance) && validate(instance);

    function explain(instance: unknown, pointer: string): Fault[] {
      if (!isForm(instance)) {
        const isOtherForm = typeof instance === 'object' && instance !== null;
        const expected = isOtherForm
          ? `${article} like the first instance`
          : 'an array of values or an object keyed by feature name';
        return [{ pointer, detail: `expected ${expected}, got ${describeValue(instance)}` }];
      }
      if (!isOfBoundedSize(instance)) {
        return [{ pointer, detail: `${arityDetail(instance)} of ${Object.keys(instance).length} members` }];
      }
      return (validate.errors ?? []).slice(0, maxFaults).map((error) => toFault(error, instance, pointer));
    }

    return { accepts, explain, ...access };
  }

  // The validator records every unknown member, so an instance with far too many is rejected first.
  function isOfBoundedSize(instance: object): boolean {
    return Array.isArray(instance) || Object.keys(instance).length <= names.length + maxFaults;
  }

  return {
    array: createForm({
      article: 'an array',
      validate: validators.array,
      isForm: isArray,
      read: (instance, position) => (instance as unknown[])[position],
      has: () => true,
      key: String,
    }),
    object: createForm({
      article: 'an object',
      validate: validators.object,
      isForm: isRecord,
      read: (instance, position) => (instance as Record<string, unknown>)[names[position] as string],
      has: (instance, position) => Object.hasOwn(instance, names[position] as string),
      key: (position) => escapePointer(names[position] as string),
    }),
  };
}

function isArray(value: unknown): value is object {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
