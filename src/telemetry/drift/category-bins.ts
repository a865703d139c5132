/** Locates strings and booleans in the input tensors, with a bin for each category that the card has a share of. */
import type { Card } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import { rowWidth, type TensorData, type TensorSpec, type Tensors } from '../../model/tensors/tensors';

export interface CategoryBins {
  readonly name: string;
  /** By bin; the last is for whatever is not listed, so that callers cannot add bins. */
  readonly shares: readonly number[];
  /** Adds rows to the count of their bins. */
  count(inputs: Tensors, rows: number, bins: Uint32Array): void;
}

export function categoryBins({ inputs, features }: Card): readonly CategoryBins[] {
  return features.flatMap(({ name, input, column, categoryShares }) => {
    if (categoryShares === undefined) return [];
    const index = inputs.findIndex((tensor) => tensor.name === input);
    const spec = inputs[index] as TensorSpec;
    const width = rowWidth(spec);
    const isText = datatypes[spec.datatype].kind === 'text';
    const shares = Object.values(categoryShares);
    const findBin = isText ? createTextFinder(Object.keys(categoryShares)) : createFlagFinder(categoryShares);
    const listed = shares.reduce((total, share) => total + share, 0);

    function count({ data }: Tensors, rows: number, bins: Uint32Array): void {
      const elements = data[index] as TensorData;
      for (let row = 0, at = column; row < rows; row++, at += width) (bins[findBin(elements[at])] as number)++;
    }

    return [{ name, shares: [...shares, Math.max(0, 1 - listed)], count }];
  });
}

type FindBin = (value: unknown) => number;

function createTextFinder(names: readonly string[]): FindBin {
  const places = new Map(names.map((name, place) => [name, place]));
  const longest = Math.max(...names.map(({ length }) => length));
  // A long text is not hashed to learn that it is none of them.
  return (value) => ((value as string).length > longest ? undefined : places.get(value as string)) ?? names.length;
}

function createFlagFinder(shares: Readonly<Record<string, number>>): FindBin {
  const names = Object.keys(shares);
  const [no, yes] = ['false', 'true'].map((name) => (names.includes(name) ? names.indexOf(name) : names.length));
  return (value) => (value ? yes : no) as number;
}
