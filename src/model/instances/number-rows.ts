/** Which models take rows of nothing but numbers, and so may have them read from the text of a body at once. */
import type { NumberRowsKind } from '../../json/number-rows';
import type { Card } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { isFree, rowWidth } from '../tensors/tensors';

/** Undefined unless an instance is an array of numbers that are the elements of the only input, in its order. */
export function numberRowsOf({ inputs, features }: Card, maxRows: number): NumberRowsKind | undefined {
  const [spec, ...others] = inputs;
  if (spec === undefined || others.length > 0 || spec.isSingle === true || isFree(spec)) return undefined;
  const { array, valueSchema } = datatypes[spec.datatype];
  const width = rowWidth(spec);
  const isPlain = features.every(
    ({ column, shape, categories }, position) => column === position && shape === undefined && categories === undefined,
  );
  if (!isPlain || features.length !== width || (array !== Float32Array && array !== Float64Array)) return undefined;
  const { maximum: limit = Number.MAX_VALUE } = valueSchema as { readonly maximum?: number };
  return { width, maxRows, limit, create: (length) => new array(length) };
}
