/** Writes the values of an instance into the input tensors. */
import type { Fault } from '../../problem';
import type { Card, Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { rowWidth, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';
import type { Form } from './forms';
import { createTensorReader } from './tensor-feature';

/** Fills a row with an accepted instance. Values that are tensors are checked only here: returns the first fault. */
type Fill = (tensors: Tensors, row: number, instance: object, form: Form) => Fault | undefined;

interface Slot {
  readonly input: number;
  readonly column: number;
  readonly width: number;
  readonly isLong: boolean;
}

export function createFill(card: Card): Fill {
  const slots = card.features.map((feature): Slot => {
    const input = card.inputs.findIndex(({ name }) => name === feature.input);
    const spec = card.inputs[input] as TensorSpec;
    return { input, column: feature.column, width: rowWidth(spec), isLong: datatypes[spec.datatype].isLong };
  });

  function fill({ data }: Tensors, row: number, instance: object, { read }: Form): undefined {
    for (let position = 0; position < slots.length; position++) {
      const { input, column, width, isLong } = slots[position] as Slot;
      const value = read(instance, position);
      // The form has checked the type of the value.
      (data[input] as TensorData as unknown[])[row * width + column] = isLong ? BigInt(value as number) : value;
    }
  }

  return card.features.some(isSpecial) ? createSpecialFill(card, slots) : fill;
}

/** Whether the tensor takes several values, or one that differs from the instance's. */
function isSpecial({ shape, default: fallback, nullable }: Feature): boolean {
  return shape !== undefined || fallback !== undefined || nullable === true;
}

function createSpecialFill({ features, inputs }: Card, slots: readonly Slot[]): Fill {
  const readers = features.map((feature, position) => {
    if (feature.shape === undefined) return undefined;
    return createTensorReader(feature, inputs[(slots[position] as Slot).input] as TensorSpec);
  });

  function readValue(instance: object, position: number, { has, read }: Form): unknown {
    const value = has(instance, position) ? read(instance, position) : (features[position] as Feature).default;
    return value === null ? Number.NaN : value;
  }

  return ({ data }, row, instance, form) => {
    for (let position = 0; position < slots.length; position++) {
      const { input, column, width, isLong } = slots[position] as Slot;
      const sink = data[input] as TensorData as unknown[];
      const at = row * width + column;
      const readTensor = readers[position];
      if (readTensor === undefined) {
        const value = readValue(instance, position, form);
        sink[at] = isLong ? BigInt(value as number) : value;
        continue;
      }
      const fault = readTensor(form.read(instance, position), sink, at);
      if (fault !== undefined) return { ...fault, pointer: `/${form.key(position)}${fault.pointer}` };
    }
    return undefined;
  };
}
