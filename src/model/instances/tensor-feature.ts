/** A feature whose value is a tensor itself, in nested arrays: checked and put into its columns in one walk. */
import type { Fault } from '../../problem';
import type { Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import type { TensorSpec } from '../tensors/tensors';
import { describeValue, nameFeature } from './faults';

/** Fills `sink` from `at` on. Gives back the first fault, with its place in the value. */
export type TensorReader = (value: unknown, sink: unknown[], at: number) => Fault | undefined;

export function createTensorReader(feature: Feature, { datatype }: TensorSpec): TensorReader {
  const { shape = [], nullable } = feature;
  const { expected, read } = datatypes[datatype];
  const wanted = nullable === true ? `${expected} or null` : expected;
  const name = nameFeature(feature);
  const size = shape.reduce((product, length) => product * length, 1);

  function fault(what: string, value: unknown, pointer = ''): Fault {
    return { pointer, detail: `${name}: expected ${what}, got ${describeValue(value)}` };
  }

  function readElements(values: readonly unknown[], sink: unknown[], at: number): Fault | undefined {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const element = value === null && nullable === true ? Number.NaN : read(value);
      if (element === undefined) return fault(wanted, value, `/${i}`);
      sink[at + i] = element;
    }
    return undefined;
  }

  function readLevel(value: unknown, sink: unknown[], at: number, depth: number, width: number): Fault | undefined {
    const length = shape[depth] as number;
    if (!Array.isArray(value) || value.length !== length) return fault(`an array of ${length}`, value);
    if (depth === shape.length - 1) return readElements(value, sink, at);
    const step = width / length;
    for (let i = 0; i < length; i++) {
      const inner = readLevel(value[i], sink, at + i * step, depth + 1, step);
      if (inner !== undefined) return { ...inner, pointer: `/${i}${inner.pointer}` };
    }
    return undefined;
  }

  return (value, sink, at) => readLevel(value, sink, at, 0, size);
}
