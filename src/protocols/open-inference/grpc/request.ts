/** Reads a `ModelInferRequest`: where its tensors are, without decoding their elements. */
import { quote } from '../../../model/instances/faults';
import {
  type Cursor,
  createCursor,
  readBytes,
  readMessage,
  readSigned,
  readText,
  wireTypes,
} from '../../../protobuf/cursor';
import { expected, invalid } from '../../shared/faults';
import { checkId, type InferenceRequest, type RequestedOutput, type SentElements, type SentTensor } from '../request';
import { toSentElements } from './contents';
import { eachField } from './fields';
import { readClasses, readCoverage } from './parameters';

export interface SentRequest extends InferenceRequest {
  readonly modelName: string;
  /** Empty when the caller does not choose. */
  readonly modelVersion: string;
}

const maxDimensions = 64;

interface Draft {
  modelName: string;
  modelVersion: string;
  id: string | undefined;
  coverage: number | undefined;
  readonly inputs: Mutable<SentTensor | HeadOfTensor>[];
  readonly outputs: RequestedOutput[];
  readonly raw: Buffer[];
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
type HeadOfTensor = Omit<SentTensor, 'data'> & { readonly data: undefined };

/** Throws `malformed-body`, `too-many-values` and `invalid-input`. */
export function readInferRequest(bytes: Buffer): SentRequest {
  const draft: Draft = {
    modelName: '',
    modelVersion: '',
    id: undefined,
    coverage: undefined,
    inputs: [],
    outputs: [],
    raw: [],
  };
  eachField(createCursor(bytes), (cursor) => readField(cursor, draft));
  const { modelName, modelVersion, id, coverage, outputs, raw, inputs } = draft;
  checkId(id);
  return {
    modelName,
    modelVersion,
    id,
    inputs: withData(inputs, raw),
    outputs: outputs.length === 0 ? undefined : checkedOnce(outputs),
    // The answer has the form of the request.
    isBinary: raw.length > 0 || inputs.length === 0,
    coverage,
  };
}

function readField(cursor: Cursor, draft: Draft): boolean {
  switch (cursor.field) {
    case 1:
      draft.modelName = readText(cursor);
      return true;
    case 2:
      draft.modelVersion = readText(cursor);
      return true;
    case 3:
      draft.id = readText(cursor);
      return true;
    case 4:
      if (cursor.wireType !== wireTypes.bytes) return false;
      draft.coverage = readCoverage(readMessage(cursor)) ?? draft.coverage;
      return true;
    case 5:
      draft.inputs.push(readInput(readMessage(cursor), `/inputs/${draft.inputs.length}`));
      return true;
    case 6:
      draft.outputs.push(readOutput(readMessage(cursor), `/outputs/${draft.outputs.length}`));
      return true;
    case 7:
      draft.raw.push(readBytes(cursor));
      return true;
    default:
      return false;
  }
}

function readInput(message: Cursor, pointer: string): SentTensor | HeadOfTensor {
  const shape: number[] = [];
  const head = { pointer, name: '', datatype: '', shape, data: undefined as SentTensor['data'] | undefined };
  eachField(message, (cursor) => {
    if (cursor.field === 1) head.name = readText(cursor);
    else if (cursor.field === 2) head.datatype = readText(cursor);
    else if (cursor.field === 3) readSizes(cursor, shape, pointer);
    else if (cursor.field !== 5) return false;
    else if (head.data !== undefined) throw invalid(pointer, 'expected contents once, got them twice');
    else head.data = toSentElements(readBytes(cursor));
    return true;
  });
  return head as SentTensor | HeadOfTensor;
}

function readSizes(cursor: Cursor, shape: number[], pointer: string): void {
  if (cursor.wireType === wireTypes.varint) addSize(cursor, shape, pointer);
  else for (const packed = readMessage(cursor); packed.at < packed.end; ) addSize(packed, shape, pointer);
}

function addSize(cursor: Cursor, shape: number[], pointer: string): void {
  const { length } = shape;
  if (length === maxDimensions) throw invalid(`${pointer}/shape`, `expected at most ${maxDimensions} sizes, got more`);
  const size = readSigned(cursor);
  if (!Number.isSafeInteger(size) || size < 0)
    throw expected(`${pointer}/shape/${length}`, 'a size of 0 or more', size);
  shape.push(size);
}

function readOutput(message: Cursor, pointer: string): RequestedOutput {
  let name = '';
  let classes: number | undefined;
  eachField(message, (cursor) => {
    if (cursor.field === 1) name = readText(cursor);
    else if (cursor.field === 2) classes = readClasses(readMessage(cursor), pointer) ?? classes;
    else return false;
    return true;
  });
  return { pointer, name, isBinary: true, classes };
}

function checkedOnce(outputs: readonly RequestedOutput[]): readonly RequestedOutput[] {
  const names = new Set<string>();
  for (const { name, pointer } of outputs) {
    if (names.has(name)) throw invalid(pointer, `expected the output ${quote(name)} once, got it twice`);
    names.add(name);
  }
  return outputs;
}

/** Raw contents are those of all inputs, in their order. */
function withData(inputs: readonly Mutable<SentTensor | HeadOfTensor>[], raw: readonly Buffer[]): SentTensor[] {
  if (raw.length > 0 && raw.length !== inputs.length)
    throw invalid('/raw_input_contents', `expected ${inputs.length}, one for each input, got ${raw.length}`);
  for (const [i, input] of inputs.entries()) {
    const bytes = raw[i];
    // Beside raw contents, MLServer's client sends typed ones that are empty.
    if (bytes !== undefined && input.data !== undefined && !(input.data as SentElements).isEmpty)
      throw invalid(input.pointer, 'expected "contents" or an entry in raw_input_contents, got both');
    if (bytes !== undefined) input.data = bytes;
    if (input.data === undefined)
      throw invalid(input.pointer, 'expected "contents" or an entry in raw_input_contents, got neither');
  }
  return inputs as SentTensor[];
}
