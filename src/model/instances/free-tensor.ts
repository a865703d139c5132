/** Reads a value whose sizes callers choose, given as nested arrays. */
import type { Fault } from '../../problem';
import type { Work } from '../../turns';
import type { Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { createData, type Elements, elementCount, type RowTensor, rowSizes, type TensorSpec } from '../tensors/tensors';
import { describeValue, nameFeature } from './faults';

/** Returns the tensor, or the first fault with its place in the value. */
type FreeReader = (value: unknown) => Work<RowTensor | Fault>;

/** Where arrays go: the sizes of this level and those within, and the place of their first element. */
interface Level {
  readonly sizes: readonly number[];
  readonly from: number;
  readonly pointer: string;
}

/** Elements read between two looks at the clock. */
const elementsPerStep = 4096;

export function createFreeReader(feature: Feature, spec: TensorSpec): FreeReader {
  const { shape = [], nullable = false } = feature;
  const { expected, read, missing } = datatypes[spec.datatype];
  const wanted = nullable ? `${expected} or null` : expected;
  const name = nameFeature(feature);
  // Callers leave out the sizes of 1 in front.
  const left = rowSizes(spec).length - shape.length;
  const ones = rowSizes(spec).slice(0, left);
  const most = rowSizes({ ...spec, shape: spec.maxShape ?? spec.shape }).slice(left);
  const least = rowSizes({ ...spec, shape: spec.minShape ?? spec.shape }).slice(left);

  function fault(what: string, value: unknown, pointer: string): Fault {
    return { pointer, detail: `${name}: expected ${what}, got ${describeValue(value)}` };
  }

  /** Along the first elements: what is within others must have the same sizes. */
  function measure(value: unknown, depth = 0): number[] | Fault {
    const size = shape[depth];
    if (size === undefined) return [];
    const strange = findStrangeArray(value, depth);
    if (strange !== undefined) return strange;
    const inner = measure((value as readonly unknown[])[0], depth + 1);
    return isFault(inner) ? inner : [size === -1 ? (value as readonly unknown[]).length : size, ...inner];
  }

  function findStrangeArray(value: unknown, depth: number): Fault | undefined {
    const [low, high] = [Math.max(1, least[depth] as number), most[depth] as number];
    if (Array.isArray(value) && value.length >= low && value.length <= high) return undefined;
    return fault(`an array of ${describeRange(low, high)}`, value, '/0'.repeat(depth));
  }

  /** Checks the lengths of all arrays, before memory is taken for what the first ones promise. */
  function* findUneven(value: unknown, { sizes, pointer }: Omit<Level, 'from'>): Work<Fault | undefined> {
    const [length, ...inner] = sizes;
    if (!Array.isArray(value) || value.length !== length) return fault(`an array of ${length}`, value, pointer);
    if (inner.length === 0) return undefined;
    for (const [i, each] of value.entries()) {
      const uneven = yield* findUneven(each, { sizes: inner, pointer: `${pointer}/${i}` });
      if (uneven !== undefined) return uneven;
    }
    yield;
    return undefined;
  }

  function* fill(value: readonly unknown[], data: unknown[], { sizes, from, pointer }: Level): Work<Fault | undefined> {
    const inner = sizes.slice(1);
    if (inner.length === 0) return yield* fillElements(value, data, from, pointer);
    const step = elementCount(inner);
    for (const [i, each] of value.entries()) {
      const level = { sizes: inner, from: from + i * step, pointer: `${pointer}/${i}` };
      const strange = yield* fill(each as readonly unknown[], data, level);
      if (strange !== undefined) return strange;
    }
    return undefined;
  }

  function* fillElements(
    values: readonly unknown[],
    data: unknown[],
    from: number,
    pointer: string,
  ): Work<Fault | undefined> {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const element = value === null && nullable ? missing : read(value);
      if (element === undefined) return fault(wanted, value, `${pointer}/${i}`);
      data[from + i] = element;
      if (i % elementsPerStep === elementsPerStep - 1) yield;
    }
    yield;
    return undefined;
  }

  return function* readFree(value) {
    const sizes = measure(value);
    if (isFault(sizes)) return sizes;
    const uneven = yield* findUneven(value, { sizes, pointer: '' });
    if (uneven !== undefined) return uneven;
    const data = createData(spec.datatype, elementCount(sizes));
    const strange = yield* fill(value as unknown[], data as unknown[], { sizes, from: 0, pointer: '' });
    return strange ?? { sizes: [...ones, ...sizes], data: data as Elements };
  };
}

function describeRange(low: number, high: number): string {
  return low === high ? String(high) : `${low} to ${high}`;
}

function isFault(found: readonly number[] | Fault): found is Fault {
  return !Array.isArray(found);
}
