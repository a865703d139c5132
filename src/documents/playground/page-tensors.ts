/** The inputs of the weights, as the page needs them to write a gRPC request. */
import type { Card } from '../../model/card/card';
import { isFree } from '../../model/tensors/tensors';

export interface PageTensor {
  readonly name: string;
  readonly datatype: string;
  /** Places in the form of the values that fill it, in its order. */
  readonly features: readonly number[];
  /** Whether the values of a row are a list of their own. */
  readonly isNested: boolean;
}

/** Undefined where the form's values are not the tensors' elements: behind hooks and tokenizers, or nested themselves. */
export function toPageTensors({ features, inputs, hooks, runs }: Card): readonly PageTensor[] | undefined {
  const isPlain = features.every(({ shape, tokenizer }) => shape === undefined && tokenizer === undefined);
  if (hooks !== undefined || !isPlain || runs === 'single' || inputs.some(isFree)) return undefined;
  const tensors = inputs.map(({ name, datatype, shape }) => {
    const columns = features.map(({ input, column }, place) => ({ input, column, place }));
    const own = columns.filter(({ input }) => input === name).sort((one, other) => one.column - other.column);
    return { name, datatype, features: own.map(({ place }) => place), isNested: shape.length > 1 };
  });
  return tensors.every((tensor) => tensor.features.length > 0) ? tensors : undefined;
}
