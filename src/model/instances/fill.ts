/** Writes the values of an instance into the input tensors. */
import type { Fault } from '../../problem';
import type { Work } from '../../turns';
import type { Card, Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { isFree, type RowTensor, rowWidth, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';
import type { Form } from './forms';
import { createFreeReader } from './free-tensor';
import { createTensorReader } from './tensor-feature';

/** Fills a row with an accepted instance. Values that are tensors are checked only here: returns the first fault. */
type Fill = (tensors: Tensors, row: number, instance: object, form: Form) => Fault | undefined;

/** Fills what a row has of free sizes, which may be long. */
type FreeFill = (tensors: Tensors, row: number, instance: object, form: Form) => Work<Fault | undefined>;

interface Slot {
  readonly input: number;
  readonly column: number;
  readonly width: number;
  readonly isLong: boolean;
  readonly missing: unknown;
  /** Whether it is filled after the others: what has free sizes, and texts. */
  readonly isLater: boolean;
}

export function createFill(card: Card): Fill {
  const slots = card.features.map((feature): Slot => {
    const input = card.inputs.findIndex(({ name }) => name === feature.input);
    const spec = card.inputs[input] as TensorSpec;
    const { isLong, missing } = datatypes[spec.datatype];
    const isLater = isFree(spec) || feature.tokenizer !== undefined;
    return { input, column: feature.column, width: rowWidth(spec), isLong, missing, isLater };
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
function isSpecial({ shape, default: fallback, nullable, tokenizer }: Feature): boolean {
  return shape !== undefined || fallback !== undefined || nullable === true || tokenizer !== undefined;
}

function createSpecialFill(card: Card, slots: readonly Slot[]): Fill {
  const { features, inputs } = card;
  const masks = features.map((feature) => createMask(card, feature));
  const readers = features.map((feature, position) => {
    if (feature.shape === undefined) return undefined;
    return createTensorReader(feature, inputs[(slots[position] as Slot).input] as TensorSpec);
  });

  function readValue(instance: object, position: number, { has, read }: Form): unknown {
    const value = has(instance, position) ? read(instance, position) : (features[position] as Feature).default;
    return value === null ? (slots[position] as Slot).missing : value;
  }

  return ({ data }, row, instance, form) => {
    for (let position = 0; position < slots.length; position++) {
      const { input, column, width, isLong, isLater } = slots[position] as Slot;
      if (isLater) continue;
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
      masks[position]?.(data, row, (form.read(instance, position) as readonly unknown[]).length);
    }
    return undefined;
  };
}

/** Fills a row of the input that tells which elements were sent. */
type FillMask = (data: Tensors['data'], row: number, sent: number) => void;

function createMask({ inputs }: Card, { pad }: Feature): FillMask | undefined {
  const index = inputs.findIndex(({ name }) => name === pad?.mask);
  const spec = inputs[index];
  if (spec === undefined) return undefined;
  const width = rowWidth(spec);
  const [zero, one] = datatypes[spec.datatype].isLong ? [0n, 1n] : [0, 1];
  return (data, row, sent) => {
    const mask = data[index] as TensorData as unknown[];
    mask.fill(one, row * width, row * width + sent);
    mask.fill(zero, row * width + sent, (row + 1) * width);
  };
}

/** Returns undefined for a model without free sizes that callers fill. */
export function createFreeFill({ features, inputs }: Card): FreeFill | undefined {
  const slots = features.flatMap((feature, position) => {
    const input = inputs.findIndex(({ name }) => name === feature.input);
    const spec = inputs[input] as TensorSpec;
    return isFree(spec) && feature.tokenizer === undefined
      ? [{ position, input, read: createFreeReader(feature, spec) }]
      : [];
  });
  if (slots.length === 0) return undefined;

  return function* fill({ data }, row, instance, form) {
    for (const { position, input, read } of slots) {
      const tensor = yield* read(form.read(instance, position));
      if ('pointer' in tensor) return { ...tensor, pointer: `/${form.key(position)}${tensor.pointer}` };
      (data[input] as RowTensor[])[row] = tensor;
    }
    return undefined;
  };
}
