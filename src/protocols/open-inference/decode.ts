/** Checks the tensors of a request against the model's signature and decodes them. */
import type { TensorRule } from '../../model/instances/tensor-rules';
import type { Model } from '../../model/model';
import { datatypes } from '../../model/tensors/datatypes';
import type { TensorData, TensorSpec, Tensors } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { expected, invalid, oneOf } from '../shared/faults';
import { decodeBinary } from './binary-data';
import { decodeJson } from './json-data';
import type { Promised, SentTensor } from './request';

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
    const count = checkSignature(tensor, spec);
    rows ??= tensor.shape[0] as number;
    if (tensor.shape[0] !== rows)
      throw invalid(
        `${pointer}/shape/0`,
        `${name}: expected ${rows} rows like the first input, got ${tensor.shape[0]}`,
      );
    data[index] = yield* decode(tensor, spec, rules[index], {
      count,
      check: () => checkRows(tensor.shape[0] as number),
    });
  }
  const missing = specs.filter((_, index) => data[index] === undefined);
  if (rows === undefined || missing.length > 0) {
    throw invalid('/inputs', `expected the input ${oneOf(missing.map(({ name }) => name))}, which is missing`);
  }
  return { rows, data: data as TensorData[] };
}

/** The number of elements that the shape implies. */
function checkSignature({ pointer, name, datatype, shape }: SentTensor, spec: TensorSpec): number {
  if (datatype !== spec.datatype) throw expected(`${pointer}/datatype`, `${name}: ${spec.datatype}`, datatype);
  const isFit = shape.length === spec.shape.length && shape.every((size, i) => i === 0 || size === spec.shape[i]);
  if (!isFit)
    throw invalid(`${pointer}/shape`, `${name}: expected the shape [${spec.shape}], got [${shape.slice(0, 20)}]`);
  if (shape[0] === 0) throw invalid(`${pointer}/shape/0`, `${name}: expected at least one row, got 0`);
  return shape.reduce((product, size) => product * size, 1);
}

function* decode(
  { pointer, data }: SentTensor,
  spec: TensorSpec,
  rule: TensorRule | undefined,
  promised: Promised,
): Work<TensorData> {
  const allowsMissing = rule?.allowsMissing === true;
  const elements = Buffer.isBuffer(data)
    ? yield* decodeBytes(data, spec, promised, pointer, allowsMissing)
    : yield* decodeJson(spec, promised, data, `${pointer}/data`, allowsMissing);
  const fault = rule?.findFault(elements);
  if (fault !== undefined) throw invalid(Buffer.isBuffer(data) ? pointer : `${pointer}/data`, fault);
  return elements;
}

function* decodeBytes(
  data: Buffer,
  spec: TensorSpec,
  promised: Promised,
  pointer: string,
  allowsMissing: boolean,
): Work<TensorData> {
  const elements = yield* decodeBinary(spec, promised, data, pointer);
  const { byteRule } = datatypes[spec.datatype];
  const strange = byteRule?.findStrange(elements, allowsMissing) ?? -1;
  if (strange === -1) return elements;
  throw invalid(
    pointer,
    `${spec.name}: expected ${byteRule?.expected} in every element, got ${elements[strange]} in element ${strange}`,
  );
}
