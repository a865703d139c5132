/** Validates the JSON part of an inference request and locates its binary tensors. */
import type { Card } from '../../model/card/card';
import { describeValue, maxFaults, quote } from '../../model/instances/faults';
import type { Elements, TensorSpec } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Work } from '../../turns';
import { isMembers, type Members } from '../shared/envelope';
import { expected, invalid } from '../shared/faults';

// Loaded for parameters that are not the protocol's.
const loadMisspelled = () => require('../shared/misspelled') as typeof import('../shared/misspelled');

/** One input as received; `bytes` holds binary data that follows the JSON. */
export interface SentTensor {
  readonly pointer: string;
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[] | Buffer | SentElements;
}

/** Elements that are decoded in another way than JSON and bytes. */
export interface SentElements {
  readonly isEmpty: boolean;
  /** Reads as many elements as promised, and allocates once they are counted. */
  read(spec: TensorSpec, promised: Promised, pointer: string): Work<Elements>;
}

/** What a shape implies. */
export interface Promised {
  readonly count: number;
  /** Called once the elements are counted and before any is read. Throws the problem `too-many-rows`. */
  check(): void;
}

export interface RequestedOutput {
  readonly pointer: string;
  readonly name: string;
  readonly isBinary: boolean;
  /** Number of classes, for a classification. */
  readonly classes: number | undefined;
}

export interface InferenceRequest {
  readonly id: string | undefined;
  readonly inputs: readonly SentTensor[];
  /** Undefined requests all outputs. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** The default encoding of outputs not listed under `outputs`. */
  readonly isBinary: boolean;
  /** As sent; undefined asks for no sets. */
  readonly coverage: unknown;
}

/** Ids are echoed in the response, so their length is limited. */
const maxIdLength = 8192;

/** Reads the parsed JSON part; `binary` holds the bytes after it. */
export function readRequest(document: unknown, binary: Buffer, card: Card): InferenceRequest {
  if (!isMembers(document)) {
    throw new Problem('unknown-envelope', `Expected a JSON object with "inputs", got ${describeValue(document)}.`);
  }
  // Clients that serialize a whole schema send null for absent members.
  const { id, inputs, outputs, coverage: misplaced } = document;
  if (id !== undefined && id !== null && typeof id !== 'string') throw expected('/id', 'a string', id);
  checkId(id);
  if (!Array.isArray(inputs)) throw expected('/inputs', 'an array of tensors', inputs);
  checkInputCount(inputs, card);
  if (misplaced !== undefined) loadMisspelled().refuseMisplaced(document, 'parameters');
  const parameters = readParameters(document, '');
  const { binary_data_output: _, coverage, ...others } = parameters;
  if (Object.keys(others).length > 0) loadMisspelled().refuseMisspelled(others, ['coverage'], '/parameters');
  const isBinary = readFlag(parameters, 'binary_data_output', '') ?? false;
  return {
    id: id ?? undefined,
    inputs: readInputs(inputs, binary),
    outputs: outputs === undefined || outputs === null ? undefined : readOutputs(outputs, isBinary, card),
    isBinary,
    coverage: coverage ?? undefined,
  };
}

export function checkId(id: string | null | undefined): void {
  if (typeof id === 'string' && id.length > maxIdLength)
    throw invalid('/id', `expected at most ${maxIdLength} characters, got ${id.length}`);
}

// Each may come once. If only a few are surplus, the fault of a single tensor says more.
export function checkCount(pointer: string, sent: readonly unknown[], { length }: readonly unknown[]): void {
  if (sent.length > length + maxFaults)
    throw invalid(pointer, `expected at most ${length} tensors, as many as the model has, got ${sent.length}`);
}

export function checkInputCount(sent: readonly unknown[], { inputs, features }: Card): void {
  checkCount('/inputs', sent, inputs.length > features.length ? inputs : features);
}

function readInputs(inputs: readonly unknown[], binary: Buffer): SentTensor[] {
  let offset = 0;
  const tensors = inputs.map((input, i) => {
    const pointer = `/inputs/${i}`;
    if (!isMembers(input)) throw expected(pointer, 'a tensor', input);
    const { name, datatype, shape } = input;
    if (typeof name !== 'string') throw expected(`${pointer}/name`, 'a string', name);
    if (typeof datatype !== 'string') throw expected(`${pointer}/datatype`, 'a string', datatype);
    const size = readBinarySize(input, pointer);
    const rest = binary.length - offset;
    if (size !== undefined && size > rest) {
      throw invalid(
        `${pointer}/parameters/binary_data_size`,
        `expected at most the ${rest} bytes left in the body, got ${size}`,
      );
    }
    const data = size === undefined ? readData(input, pointer) : binary.subarray(offset, offset + size);
    offset += size ?? 0;
    return { pointer, name, datatype, shape: readShape(shape, pointer), data };
  });
  if (offset < binary.length) {
    throw new Problem(
      'malformed-body',
      `Expected ${offset} bytes after the JSON, the sum of binary_data_size, got ${binary.length}.`,
    );
  }
  return tensors;
}

function readData({ data }: Members, pointer: string): readonly unknown[] {
  if (data === undefined || data === null)
    throw invalid(pointer, 'expected "data" or the parameter "binary_data_size", got neither');
  if (!Array.isArray(data)) throw expected(`${pointer}/data`, 'an array', data);
  return data;
}

function readBinarySize(input: Members, pointer: string): number | undefined {
  const { binary_data_size: size } = readParameters(input, pointer);
  if (size === undefined || size === null) return undefined;
  if (!isCount(size)) throw expected(`${pointer}/parameters/binary_data_size`, 'a number of bytes', size);
  if (input.data !== undefined && input.data !== null)
    throw invalid(pointer, 'expected "data" or the parameter "binary_data_size", got both');
  return size;
}

function readShape(shape: unknown, pointer: string): number[] {
  if (!Array.isArray(shape)) throw expected(`${pointer}/shape`, 'an array of sizes', shape);
  const wrong = shape.findIndex((size) => !isCount(size));
  if (wrong !== -1) throw expected(`${pointer}/shape/${wrong}`, 'a size of 0 or more', shape[wrong]);
  return shape as number[];
}

function readOutputs(outputs: unknown, isBinaryByDefault: boolean, card: Card): RequestedOutput[] {
  if (!Array.isArray(outputs)) throw expected('/outputs', 'an array of outputs', outputs);
  checkCount('/outputs', outputs, card.outputs);
  const names = new Set<string>();
  return outputs.map((output: unknown, i) => {
    const pointer = `/outputs/${i}`;
    if (!isMembers(output)) throw expected(pointer, 'an object with a "name"', output);
    if (typeof output.name !== 'string') throw expected(`${pointer}/name`, 'a string', output.name);
    if (names.has(output.name)) throw invalid(pointer, `expected the output ${quote(output.name)} once, got it twice`);
    names.add(output.name);
    const parameters = readParameters(output, pointer);
    const { classification } = parameters;
    if (classification !== undefined && !(isCount(classification) && classification > 0))
      throw expected(`${pointer}/parameters/classification`, 'a number of classes', classification);
    const isBinary = readFlag(parameters, 'binary_data', pointer) ?? isBinaryByDefault;
    return { pointer, name: output.name, isBinary, classes: classification };
  });
}

function readParameters({ parameters }: Members, pointer: string): Members {
  if (parameters === undefined || parameters === null) return {};
  if (!isMembers(parameters)) throw expected(`${pointer}/parameters`, 'an object', parameters);
  return parameters;
}

function readFlag(parameters: Members, name: string, pointer: string): boolean | undefined {
  const flag = parameters[name];
  if (flag !== undefined && typeof flag !== 'boolean')
    throw expected(`${pointer}/parameters/${name}`, 'true or false', flag);
  return flag;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
