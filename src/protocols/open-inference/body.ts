/** The body of an inference request: JSON, JSON with the bytes of tensors behind it, or the bytes of one tensor alone. */
import { parseJsonBody } from '../../http/json-body';
import type { HttpRequest } from '../../http/message';
import { parseExactly } from '../../json/exact';
import { type ParseText, parseJson } from '../../json/parse';
import type { Model } from '../../model/model';
import { datatypes } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Work } from '../../turns';
import { bytesOfRow } from './binary-data';
import { invalid } from './faults';
import { type InferenceRequest, readRequest } from './request';

const headerName = 'inference-header-content-length';
const nothing = Buffer.alloc(0);

export function* readInferenceBody(request: HttpRequest, model: Model): Work<InferenceRequest> {
  const { headers, body } = request;
  const { card } = model;
  const { inputs } = card;
  const header = headers[headerName];
  const limits = model.bodyLimits();
  // Only integers of 64 bits are more than JSON.parse can hold.
  const parseText: ParseText = inputs.some(({ datatype }) => datatypes[datatype].isLong) ? parseExactly : JSON.parse;
  if (header === undefined) return readRequest(yield* parseJsonBody(request, limits, parseText), nothing, card);

  const length = /^\d{1,15}$/.test(String(header)) ? Number(header) : Number.NaN;
  if (!(length <= body.length)) {
    throw new Problem(
      'malformed-body',
      `Expected ${headerName} of at most the ${body.length} bytes that came, got ${JSON.stringify(String(header).slice(0, 40))}.`,
    );
  }
  if (length === 0) return toRawRequest(request, inputs);
  const json = yield* parseJson(body.subarray(0, length), limits, parseText);
  return readRequest(json, body.subarray(length), card);
}

/** A body that is the bytes of the only input: the size of the body says how many rows there are. */
function toRawRequest({ headers, body }: HttpRequest, inputs: readonly TensorSpec[]): InferenceRequest {
  if (headers['content-type']?.startsWith('application/json')) {
    throw new Problem('malformed-body', `Expected bytes, as ${headerName} 0 says, got JSON, as content-type says.`);
  }
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new Problem(
      'malformed-body',
      `Expected JSON that names the ${inputs.length} inputs: a body without it is for models with one input.`,
    );
  }
  const { name, datatype, shape } = input;
  const pointer = '';
  const tensor = { pointer, name, datatype };
  if (datatypes[datatype].bytes === undefined) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return raw({ ...tensor, shape: [1, ...shape.slice(1)], data: Buffer.concat([length, body]) });
  }
  const rowBytes = bytesOfRow(input);
  const rows = body.length / rowBytes;
  if (!Number.isInteger(rows) || rows === 0)
    throw invalid(pointer, `${name}: expected rows of ${rowBytes} bytes each, got ${body.length} bytes`);
  return raw({ ...tensor, shape: [rows, ...shape.slice(1)], data: body });
}

function raw(input: InferenceRequest['inputs'][number]): InferenceRequest {
  return { id: undefined, inputs: [input], outputs: undefined, isBinary: true };
}
