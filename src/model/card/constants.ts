/** The elements of inputs that have the same value in every run. */
import { datatypes } from '../tensors/datatypes';
import { createData, type Elements, elementCount, rowSizes } from '../tensors/tensors';
import type { ConstantInput } from './card';

/** The sizes and elements of one row; a free size is 1. Throws an error that names a constant whose value does not fit. */
export function toConstantRow(constant: ConstantInput): { readonly sizes: readonly number[]; readonly data: Elements } {
  const { name, datatype, value } = constant;
  const { read, expected } = datatypes[datatype];
  const sizes = rowSizes(constant).map((size) => Math.max(1, size));
  const count = elementCount(sizes);
  const values = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : new Array<unknown>(count).fill(value);
  if (values.length !== count)
    throw new Error(`The card's input "${name}" has a value of ${values.length} elements: expected ${count}.`);
  const data = createData(datatype, count) as unknown[];
  for (const [i, each] of values.entries()) {
    const element = read(each);
    if (element === undefined)
      throw new Error(`The card's input "${name}" has the value ${JSON.stringify(each)}: expected ${expected}.`);
    data[i] = element;
  }
  return { sizes, data: data as unknown as Elements };
}
