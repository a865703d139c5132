/** Tensor elements in JSON: flat or nested by shape, in row-major order. */
import { describeValue } from '../../model/instances/faults';
import { datatypes } from '../../model/tensors/datatypes';
import { createData, type Elements, type TensorSpec } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { expected, invalid } from '../shared/faults';
import type { Promised } from './request';

/** Beyond the number of dimensions of any real tensor. */
const deepestNesting = 32;
/** Elements read between two looks at the clock. */
const elementsPerStep = 4096;

/** Reads `count` elements and allocates once that many are counted. `pointer` locates the data. */
export function* decodeJson(
  { name, datatype }: TensorSpec,
  { count, check }: Promised,
  data: readonly unknown[],
  pointer: string,
  allowsMissing = false,
): Work<Elements> {
  const got = yield* countElements(data, pointer, 1);
  if (got !== count) throw invalid(pointer, `${name}: expected ${count} elements for this shape, got ${got}`);
  check();
  const target = createData(datatype, count) as unknown[];
  const { read, missing, expected: wanted } = datatypes[datatype];
  let filled = 0;
  let yieldAt = elementsPerStep;

  function put(value: unknown, at: string, i: number): void {
    const element = value === null && allowsMissing ? missing : read(value);
    if (element === undefined) throw invalid(`${at}/${i}`, `${name}: expected ${wanted}, got ${describeValue(value)}`);
    target[filled++] = element;
  }

  function* fill(values: readonly unknown[], at: string): Work<void> {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Array.isArray(value)) put(value, at, i);
      else if (isShortAndFlat(value)) for (let j = 0; j < value.length; j++) put(value[j], `${at}/${i}`, j);
      else yield* fill(value, `${at}/${i}`);
      if (filled < yieldAt) continue;
      yieldAt = filled + elementsPerStep;
      yield;
    }
  }

  yield* fill(data, pointer);
  return target as Elements;
}

/** Whether to read an array in one go: most nested ones are rows of a few numbers. */
function isShortAndFlat(values: readonly unknown[]): boolean {
  return values.length <= elementsPerStep && !values.some(Array.isArray);
}

function* countElements(values: readonly unknown[], pointer: string, depth: number): Work<number> {
  if (!Array.isArray(values[0]) && !values.some(Array.isArray)) return values.length;
  if (depth === deepestNesting) throw expected(pointer, `arrays nested at most ${deepestNesting} deep`, values);
  let count = 0;
  for (const [i, value] of values.entries()) {
    if (i % elementsPerStep === elementsPerStep - 1) yield;
    if (!Array.isArray(value)) count++;
    else if (isShortAndFlat(value)) count += value.length;
    else count += yield* countElements(value, `${pointer}/${i}`, depth + 1);
  }
  return count;
}
