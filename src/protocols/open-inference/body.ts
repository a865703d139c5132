/** The body of an inference request: JSON, JSON followed by binary tensors, or one raw binary tensor. */
import { parseJsonBody } from '../../http/json-body';
import type { HttpRequest } from '../../http/message';
import { parseExactly } from '../../json/exact';
import { type ParseText, parseJson } from '../../json/parse';
import type { Model } from '../../model/model';
import { datatypes } from '../../model/tensors/datatypes';
import { isFree, rowSizes, shapeOfRows, type TensorSpec } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Work } from '../../turns';
import { invalid } from '../shared/faults';
import { bytesOfRow } from './binary-data';
import { type InferenceRequest, readRequest } from './request';

const headerName = 'inference-header-content-length';
const nothing = Buffer.alloc(0);

export function* readInferenceBody(request: HttpRequest, model: Model): Work<InferenceRequest> {
  const { headers, body } = request;
  const { card } = model;
  const { inputs } = card;
  const header = headers[headerName];
  const limits = model.bodyLimits();
  // Only 64-bit integers exceed what JSON.parse can represent.
  const parseText: ParseText = inputs.some(({ datatype }) => datatypes[datatype].isLong) ? parseExactly : JSON.parse;
  if (header === undefined) return readRequest(yield* parseJsonBody(request, limits, parseText), nothing, card);

  const length = /^\d{1,15}$/.test(String(header)) ? Number(header) : Number.NaN;
  if (!(length <= body.length)) {
    throw new Problem(
      'malformed-body',
      `Expected ${headerName} of at most ${body.length}, the length of the body, got ${JSON.stringify(String(header).slice(0, 40))}.`,
    );
  }
  if (length === 0) return toRawRequest(request, inputs);
  const json = yield* parseJson(body.subarray(0, length), limits, parseText);
  return readRequest(json, body.subarray(length), card);
}

/** A raw body holds the only input, so its length gives the number of rows. */
function toRawRequest({ headers, body }: HttpRequest, inputs: readonly TensorSpec[]): InferenceRequest {
  if (headers['content-type']?.startsWith('application/json')) {
    throw new Problem('malformed-body', `Expected bytes because ${headerName} is 0, got JSON by content-type.`);
  }
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new Problem(
      'malformed-body',
      `Expected JSON that names the ${inputs.length} inputs, got a raw body, which only works for models with one input.`,
    );
  }
  const { name, datatype } = input;
  const sizes = rowSizes(input);
  const pointer = '';
  if (isFree(input))
    throw new Problem(
      'malformed-body',
      `Expected JSON with the shape of ${name}, got a raw body, which only works for fixed sizes.`,
    );
  const tensor = { pointer, name, datatype };
  if (datatypes[datatype].bytes === undefined) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return raw({ ...tensor, shape: shapeOfRows(input, 1, sizes), data: Buffer.concat([length, body]) });
  }
  const rowBytes = bytesOfRow(input);
  const rows = body.length / rowBytes;
  if (!Number.isInteger(rows) || rows === 0 || (input.isSingle === true && rows > 1))
    throw invalid(pointer, `${name}: expected rows of ${rowBytes} bytes each, got ${body.length} bytes`);
  return raw({ ...tensor, shape: shapeOfRows(input, rows, sizes), data: body });
}

function raw(input: InferenceRequest['inputs'][number]): InferenceRequest {
  return { id: undefined, inputs: [input], outputs: undefined, isBinary: true, coverage: undefined };
}
