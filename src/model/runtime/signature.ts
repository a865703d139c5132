/** Compares the tensors of a card with those of the weights. */
import type { Card } from '../card/card';
import { toRuntimeType } from '../tensors/datatypes';
import type { TensorSpec } from '../tensors/tensors';

/** A tensor as the runtime reports it; a free size is a string, often empty. */
export type ValueMetadata =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

export interface Signature {
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
}

/**
 * Throws when the weights have other inputs than the card, or lack an output of it.
 *
 * The card may fix sizes that the weights leave free, and leave outputs out.
 */
export function checkSignature({ inputs, constants = [], outputs }: Card, weights: Signature): void {
  check('input', [...inputs, ...constants], weights.inputs, { isWhole: true, hasSizes: true });
  // Exporters declare wrong dimensions of outputs now and then: each run compares the true ones with the card.
  check('output', outputs, weights.outputs, { isWhole: false, hasSizes: false });
}

function check(
  kind: 'input' | 'output',
  specs: readonly TensorSpec[],
  actual: readonly ValueMetadata[],
  { isWhole, hasSizes }: { readonly isWhole: boolean; readonly hasSizes: boolean },
): void {
  const isFit = specs.every((spec) => actual.some((each) => isSame(spec, each) && (!hasSizes || fits(spec, each))));
  if (isFit && !(isWhole && specs.length < actual.length)) return;
  const expected = specs.map((spec) => describeTensor(spec.name, toRuntimeType(spec.datatype), spec.shape)).sort();
  const found = actual.map(describeMetadata).sort();
  throw new Error(
    `The ${kind}s of the weights do not match the card: expected ${expected.join(', ')}, got ${found.join(', ')}.`,
  );
}

function isSame({ name, datatype }: TensorSpec, metadata: ValueMetadata): boolean {
  return metadata.name === name && metadata.isTensor && metadata.type === toRuntimeType(datatype);
}

function fits({ shape, isSingle = false }: TensorSpec, metadata: ValueMetadata): boolean {
  if (!metadata.isTensor) return false;
  const sizes = metadata.shape;
  // The runtime reports no dimensions where the weights do not tell how many there are.
  if (sizes.length === 0 && shape.length > 0) return true;
  if (sizes.length !== shape.length) return false;
  // Rows are counted by a dimension that is free, and stays so.
  return sizes.every((size, i) => typeof size !== 'number' || (size === shape[i] && (isSingle || i > 0)));
}

function describeMetadata(metadata: ValueMetadata): string {
  if (!metadata.isTensor) return `${metadata.name}: not a tensor`;
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : -1));
  return describeTensor(metadata.name, metadata.type, shape);
}

function describeTensor(name: string, type: string, shape: readonly number[]): string {
  return `${name}: ${type}[${shape.join(' ')}]`;
}
