/** Reads a feature whose value is a tensor, given as nested arrays: checks it and fills its columns in one pass. */
import type { Fault } from '../../problem';
import type { Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { elementCount, type TensorSpec } from '../tensors/tensors';
import { describeValue, nameFeature } from './faults';

/** Fills `sink` from `at` on. Returns the first fault, with its place in the value. */
type TensorReader = (value: unknown, sink: unknown[], at: number) => Fault | undefined;

export function createTensorReader(feature: Feature, { datatype }: TensorSpec): TensorReader {
  const { shape = [], nullable, pad } = feature;
  const { expected, read, missing } = datatypes[datatype];
  const wanted = nullable === true ? `${expected} or null` : expected;
  const name = nameFeature(feature);
  const size = elementCount(shape);

  function fault(what: string, value: unknown, pointer = ''): Fault {
    return { pointer, detail: `${name}: expected ${what}, got ${describeValue(value)}` };
  }

  function readElements(values: readonly unknown[], sink: unknown[], at: number): Fault | undefined {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const element = value === null && nullable === true ? missing : read(value);
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

  /** A list of up to the whole size. */
  function readPadded(value: unknown, sink: unknown[], at: number): Fault | undefined {
    if (!Array.isArray(value) || value.length < 1 || value.length > size)
      return fault(`an array of 1 to ${size}`, value);
    sink.fill(read(pad?.value), at + value.length, at + size);
    return readElements(value, sink, at);
  }

  return pad === undefined ? (value, sink, at) => readLevel(value, sink, at, 0, size) : readPadded;
}
