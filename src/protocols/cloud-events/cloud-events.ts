/** CloudEvents 1.0 over HTTP: an event whose data is a request of another protocol is answered with an event of its answer. */
import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import { parseJson } from '../../json/parse';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { type Fault, Problem } from '../../problem';
import { inTurns } from '../../turns';
import type { Envelope, EnvelopeProtocol } from '../shared/envelope';
import { decodeBase64 } from './base64';

/** Answers the body of a request, or what an event holds in its place. */
export type ReadBody = (model: Model, body: unknown, request: HttpRequest) => HttpReply | Promise<HttpReply>;

const eventType = 'io.kserve.inference.response';
const structuredType = 'application/cloudevents+json';
const eventHeaders = ['content-type', structuredType, 'x-content-type-options', 'nosniff'];

/** Whether the content type says that the body is an event, and not its data. */
export function isStructuredEvent({ headers: { 'content-type': type } }: HttpRequest): boolean {
  return type !== undefined && type !== 'application/json' && type.toLowerCase().startsWith(structuredType);
}

/** Whether the event's attributes are header fields, and the body is its data. */
export function isBinaryEvent({ headers }: HttpRequest): boolean {
  return headers['ce-specversion'] !== undefined;
}

/** Answers with an event in binary mode: the attributes as header fields, the body as it is. */
export async function answerBinaryEvent(
  { headers }: HttpRequest,
  modelName: string,
  answer: () => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  for (const name of ['ce-id', 'ce-source', 'ce-type']) {
    if (headers[name] === undefined)
      throw new Problem('unknown-envelope', `Expected the header field ${name} of a CloudEvent, which is missing.`);
  }
  if (headers['ce-specversion'] !== '1.0') {
    const got = JSON.stringify(String(headers['ce-specversion']).slice(0, 40));
    throw new Problem('unknown-envelope', `Expected ce-specversion 1.0, got ${got}.`);
  }
  const reply = await answer();
  const attributes = Object.entries(createAttributes(modelName)).flatMap(([name, value]) => [`ce-${name}`, value]);
  return { ...reply, headers: [...reply.headers, ...attributes] };
}

/** An event in structured mode: the body is the event, and its data the request. */
export function structuredEvents(readBody: ReadBody): EnvelopeProtocol {
  return {
    key: 'specversion',
    name: 'cloud-events',
    async answer(model, event, request) {
      for (const name of ['id', 'source', 'type']) {
        if (typeof event[name] !== 'string') throw fault(`/${name}`, 'a string', event[name]);
      }
      if (event.specversion !== '1.0') throw fault('/specversion', '"1.0"', event.specversion);
      return wrap(await answerData(model, event, request), createAttributes(model.card.name));
    },
  };

  function answerData(model: Model, { data, data_base64: base64 }: Envelope, request: HttpRequest) {
    if (base64 === undefined) return readData(data, model, request, readBody);
    if (data !== undefined) throw fault('/data_base64', 'nothing beside data', base64);
    return readText(decode(base64, '/data_base64', request), '/data_base64', model, request, readBody);
  }
}

/** A Pub/Sub push message: its data, in base64, is the request. Pub/Sub takes any answer of success for an acknowledgement. */
export function pubSubMessages(readBody: ReadBody): EnvelopeProtocol {
  return {
    key: 'message',
    name: 'pub-sub',
    answer(model, { message }, request) {
      if (!isEnvelope(message)) throw fault('/message', 'an object', message);
      return readText(decode(message.data, '/message/data', request), '/message/data', model, request, readBody);
    },
  };
}

/** Data that is JSON itself, or text that holds JSON. */
async function readData(data: unknown, model: Model, request: HttpRequest, read: ReadBody): Promise<HttpReply> {
  if (data === undefined) throw fault('/data', 'a request as a JSON object', data);
  if (typeof data === 'string') return readText(Buffer.from(data), '/data', model, request, read);
  try {
    return await read(model, data, request);
  } catch (failure) {
    throw relocate(failure, '/data', ({ pointer, detail }) => ({ pointer: `/data${pointer}`, detail }));
  }
}

/** JSON within a string of the body: no pointer leads there, so that its own stands in the detail. */
async function readText(
  text: Buffer | Promise<Buffer>,
  place: string,
  model: Model,
  request: HttpRequest,
  read: ReadBody,
) {
  try {
    const body = await inTurns(parseJson(await text, model.bodyLimits()), request.isGone);
    return await read(model, body, request);
  } catch (failure) {
    throw relocate(failure, place, ({ pointer, detail }) => ({ pointer: place, detail: `${pointer}: ${detail}` }));
  }
}

/** Problems name their place in the event. */
function relocate(failure: unknown, place: string, move: (fault: Fault) => Fault): unknown {
  if (!(failure instanceof Problem)) return failure;
  const { type, message, errors, cause } = failure;
  if (errors !== undefined) return invalidInput(errors.map(move));
  const isOfData = type === 'malformed-body' || type === 'unknown-envelope';
  return isOfData ? new Problem(type, `${place}: ${message}`, { cause }) : failure;
}

function createAttributes(modelName: string) {
  const { randomUUID } = require('node:crypto') as typeof import('node:crypto');
  const source = `io.kserve.inference.${encodeURIComponent(modelName)}`;
  return { specversion: '1.0', id: randomUUID(), source, type: eventType, time: new Date().toISOString() };
}

/** Puts a reply of JSON into an event; any other is what it is. */
function wrap(reply: HttpReply, attributes: object): HttpReply {
  if (reply.headers !== jsonHeaders) return reply;
  const { status, body } = reply;
  const head = `${JSON.stringify({ ...attributes, datacontenttype: 'application/json' }).slice(0, -1)},"data":`;
  if (typeof body === 'string') return { status, headers: eventHeaders, body: `${head}${body}}` };
  const pieces = Buffer.isBuffer(body) ? [body] : (body as readonly Buffer[]);
  return { status, headers: eventHeaders, body: [Buffer.from(head), ...pieces, Buffer.from('}')] };
}

function decode(base64: unknown, pointer: string, { isGone }: HttpRequest): Buffer | Promise<Buffer> {
  if (typeof base64 === 'string') return inTurns(decodeBase64(base64), isGone);
  throw fault(pointer, 'base64 text', base64);
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(pointer: string, expected: string, got: unknown): Problem {
  return invalidInput([{ pointer, detail: `expected ${expected}, got ${describeValue(got)}` }]);
}
