/** Carriers: formats that carry the bodies of other protocols, such as the data of an event. */
import type { HttpReply, HttpRequest } from '../../http/message';
import { parseJson } from '../../json/parse';
import { invalidInput } from '../../model/instances/contract';
import type { Model } from '../../model/model';
import type { Carried } from '../../openapi/part';
import { type Fault, Problem } from '../../problem';
import { inTurns } from '../../turns';
import { decodeBase64 } from './base64';
import type { Envelope, ReadBody } from './envelope';
import { expected } from './faults';

export interface Carrier {
  /** The carrier as an envelope; `read` answers the body inside it. */
  open(read: ReadBody): Envelope;
  /** For carriers that request headers can announce. */
  readonly inHead?: CarrierInHead;
  /** Extends an operation that takes `requests` (schema names); `name` is the carrier's name in that operation. */
  describe(name: string, requests: readonly string[], instances: readonly unknown[]): Carried;
}

export interface CarrierInHead {
  /** Whether the body is the carrier. */
  isBody(request: HttpRequest): boolean;
  /** The media type of a list of carriers, for a body that is one. */
  batchType(request: HttpRequest): string | undefined;
  /** Whether the headers are the carrier, and the body its content. */
  isHead(request: HttpRequest): boolean;
  /** Wraps the answer for a request whose headers are the carrier. */
  wrap(request: HttpRequest, model: Model, answer: () => HttpReply | Promise<HttpReply>): Promise<HttpReply>;
}

/** Answers data that is JSON, or text that holds JSON. */
export async function readData(data: unknown, model: Model, request: HttpRequest, read: ReadBody): Promise<HttpReply> {
  if (data === undefined) throw expected('/data', 'a request as a JSON object', data);
  if (typeof data === 'string') return readText(Buffer.from(data), '/data', model, request, read);
  try {
    return await read(model, data, request);
  } catch (failure) {
    throw relocate(failure, '/data', ({ pointer, detail }) => ({ pointer: `/data${pointer}`, detail }));
  }
}

/** Answers a base64-encoded request at `pointer`. */
export async function readBase64(
  base64: unknown,
  pointer: string,
  model: Model,
  request: HttpRequest,
  read: ReadBody,
): Promise<HttpReply> {
  if (typeof base64 !== 'string') throw expected(pointer, 'base64 text', base64);
  return readText(await inTurns(decodeBase64(base64), request.isGone), pointer, model, request, read);
}

/** JSON inside a string of the body: no pointer can reach into it, so its own pointers go into the detail. */
async function readText(text: Buffer, place: string, model: Model, request: HttpRequest, read: ReadBody) {
  try {
    const body = await inTurns(parseJson(text, model.bodyLimits()), request.isGone);
    return await read(model, body, request);
  } catch (failure) {
    throw relocate(failure, place, ({ pointer, detail }) => ({ pointer: place, detail: `${pointer}: ${detail}` }));
  }
}

/** Points problems at their place in the carrier. */
function relocate(failure: unknown, place: string, move: (fault: Fault) => Fault): unknown {
  if (!(failure instanceof Problem)) return failure;
  const { type, message, errors, cause } = failure;
  if (errors !== undefined) return invalidInput(errors.map(move));
  const isOfData = type === 'malformed-body' || type === 'unknown-envelope';
  return isOfData ? new Problem(type, `${place}: ${message}`, { cause }) : failure;
}
