/** Checks the tensors of a request against the model's signature and decodes them. */
import type { TensorRule } from '../../model/instances/tensor-rules';
import type { Model } from '../../model/model';
import { datatypes } from '../../model/tensors/datatypes';
import { splitRows } from '../../model/tensors/row-tensors';
import {
  type Elements,
  elementCount,
  isFree,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { expected, invalid, oneOf } from '../shared/faults';
import { decodeBinary, decodeNumbers } from './binary-data';
import { decodeJson } from './json-data';
import type { Promised, SentElements, SentTensor } from './request';

/** Throws the problem `invalid-input` at the first fault, and `too-many-rows` before decoding anything. */
export function* decodeInputs(sent: readonly SentTensor[], { card, contract, checkRows }: Model): Work<Tensors> {
  const specs = card.inputs;
  const rules = contract.tensorRules();
  const data = new Array<TensorData | undefined>(specs.length).fill(undefined);
  let rows: number | undefined;
  for (const tensor of sent) {
    const { name, pointer } = tensor;
    const index = specs.findIndex((candidate) => candidate.name === name);
    const spec = specs[index];
    if (spec === undefined)
      throw expected(`${pointer}/name`, `the input ${oneOf(specs.map((candidate) => candidate.name))}`, name);
    if (data[index] !== undefined) throw invalid(pointer, `expected the input ${name} once, got it twice`);
    const { shape, count } = checkSignature(tensor, spec);
    const rowsOfTensor = spec.isSingle === true ? 1 : (shape[0] as number);
    rows ??= rowsOfTensor;
    if (rowsOfTensor !== rows)
      throw invalid(`${pointer}/shape/0`, `${name}: expected ${rows} rows like the first input, got ${rowsOfTensor}`);
    const promised = { count, check: () => checkRows(rowsOfTensor) };
    const elements = decodeAtOnce(tensor, spec, promised) ?? (yield* decode(tensor, spec, promised, rules[index]));
    checkElements(tensor, spec, rules[index], elements);
    data[index] = isFree(spec) ? splitRows(spec, shape, elements) : elements;
  }
  const missing = specs.filter((_, index) => data[index] === undefined);
  if (rows === undefined || missing.length > 0) {
    throw invalid('/inputs', `expected the input ${oneOf(missing.map(({ name }) => name))}, which is missing`);
  }
  return { rows, data: data as TensorData[] };
}

/** The shape, and the number of elements that it implies. */
function checkSignature(
  sent: SentTensor,
  spec: TensorSpec,
): { readonly shape: readonly number[]; readonly count: number } {
  const { pointer, name, datatype } = sent;
  // A scalar has no dimensions, which some clients cannot write.
  const shape = spec.shape.length === 0 && sent.shape.join() === '1' ? [] : sent.shape;
  if (datatype !== spec.datatype) throw expected(`${pointer}/datatype`, `${name}: ${spec.datatype}`, datatype);
  const isFit =
    shape.length === spec.shape.length && shape.every((size, i) => spec.shape[i] === -1 || size === spec.shape[i]);
  if (!isFit)
    throw invalid(`${pointer}/shape`, `${name}: expected the shape [${spec.shape}], got [${shape.slice(0, 20)}]`);
  if (spec.isSingle !== true && shape[0] === 0)
    throw invalid(`${pointer}/shape/0`, `${name}: expected at least one row, got 0`);
  checkSizes(sent, spec);
  return { shape, count: elementCount(shape) };
}

function checkSizes(
  { pointer, name, shape }: SentTensor,
  { maxShape = [], minShape = maxShape.map(leastSize) }: TensorSpec,
): void {
  if (maxShape.length === 0 && minShape.length === 0) return;
  for (const [i, size] of shape.entries()) {
    const [low, high] = [minShape[i] ?? -1, maxShape[i] ?? -1];
    // A limit of -1 is that of the rows, which are counted elsewhere.
    if (size >= low && (high === -1 || size <= high)) continue;
    const range = size < low ? `at least ${low}` : `at most ${high}`;
    throw invalid(`${pointer}/shape/${i}`, `${name}: expected ${range}, got ${size}`);
  }
}

const leastSize = (limit: number) => Math.min(limit, 1);

/** Bytes of numbers are elements as they are; undefined for what takes work. */
function decodeAtOnce({ pointer, data }: SentTensor, spec: TensorSpec, promised: Promised): Elements | undefined {
  return Buffer.isBuffer(data) ? decodeNumbers(spec, promised, data, pointer) : undefined;
}

function decode(
  { pointer, data }: SentTensor,
  spec: TensorSpec,
  promised: Promised,
  rule: TensorRule | undefined,
): Work<Elements> {
  if (Array.isArray(data)) return decodeJson(spec, promised, data, `${pointer}/data`, allowsMissing(rule));
  if (Buffer.isBuffer(data)) return decodeBinary(spec, promised, data, pointer);
  return (data as SentElements).read(spec, promised, pointer);
}

function checkElements(
  { pointer, data }: SentTensor,
  { name, datatype }: TensorSpec,
  rule: TensorRule | undefined,
  elements: Elements,
): void {
  const isJson = Array.isArray(data);
  const { byteRule } = datatypes[datatype];
  const strange = isJson ? -1 : (byteRule?.findStrange(elements, allowsMissing(rule)) ?? -1);
  if (strange !== -1)
    throw invalid(
      pointer,
      `${name}: expected ${byteRule?.expected} in every element, got ${elements[strange]} in element ${strange}`,
    );
  const fault = rule?.findFault(elements);
  if (fault !== undefined) throw invalid(isJson ? `${pointer}/data` : pointer, fault);
}

function allowsMissing(rule: TensorRule | undefined): boolean {
  return rule?.allowsMissing === true;
}
