/** CloudEvents 1.0 over HTTP: an event whose data is a request of another protocol is answered with an event of its answer. */
import { useJson } from '../http/body';
import { type Answer, type HttpReply, type HttpRequest, jsonHeaders } from '../http/message';
import { invalidInput } from '../model/contract';
import { describeValue } from '../model/faults';
import type { Model } from '../model/model';
import { type Fault, Problem, toError } from '../problem';
import type { Envelope, EnvelopeProtocol } from './envelope';

/** Answers the body of a request, or what an event holds in its place. */
export type ReadBody = (model: Model, body: unknown, request: HttpRequest, answer: Answer) => void;

const eventType = 'io.kserve.inference.response';
const structuredType = 'application/cloudevents+json';

/** Whether the content type says that the body is an event, and not its data. */
export function isStructuredEvent({ headers: { 'content-type': type } }: HttpRequest): boolean {
  return type !== undefined && type !== 'application/json' && type.toLowerCase().startsWith(structuredType);
}

/** Whether the event's attributes are header fields, and the body is its data. */
export function isBinaryEvent({ headers }: HttpRequest): boolean {
  return headers['ce-specversion'] !== undefined;
}

/** Answers with an event in binary mode: the attributes as header fields, the body as it is. */
export function answerBinaryEvent({ headers }: HttpRequest, modelName: string, answer: Answer): Answer {
  for (const name of ['ce-id', 'ce-source', 'ce-type']) {
    if (headers[name] === undefined)
      throw new Problem('unknown-envelope', `Expected the header field ${name} of a CloudEvent, which is missing.`);
  }
  if (headers['ce-specversion'] !== '1.0') {
    const came = JSON.stringify(String(headers['ce-specversion']).slice(0, 40));
    throw new Problem('unknown-envelope', `Expected ce-specversion 1.0, came ${came}.`);
  }
  return onSuccess(answer, (reply) => {
    const attributes = Object.entries(createAttributes(modelName)).flatMap(([name, value]) => [`ce-${name}`, value]);
    return { ...reply, headers: [...reply.headers, ...attributes] };
  });
}

/** An event in structured mode: the body is the event, and its data the request. */
export function structuredEvents(readBody: ReadBody): EnvelopeProtocol {
  return {
    key: 'specversion',
    name: 'cloud-events',
    predict(model, event, request, answer) {
      for (const name of ['id', 'source', 'type']) {
        if (typeof event[name] !== 'string') throw fault(`/${name}`, 'a string', event[name]);
      }
      if (event.specversion !== '1.0') throw fault('/specversion', '"1.0"', event.specversion);
      const head = JSON.stringify({ ...createAttributes(model.card.name), datacontenttype: 'application/json' });
      const answerEvent = onSuccess(answer, (reply) => wrap(reply, `${head.slice(0, -1)},"data":`));
      const read = (body: unknown, answerData: Answer) => readBody(model, body, request, answerData);
      if (event.data_base64 === undefined) return readData(event.data, request, answerEvent, read);
      if (event.data !== undefined) throw fault('/data_base64', 'nothing beside data', event.data_base64);
      readText(decode(event.data_base64, '/data_base64'), '/data_base64', request, answerEvent, read);
    },
  };
}

/** A Pub/Sub push message: its data, in base64, is the request. Pub/Sub takes any answer of success for an acknowledgement. */
export function pubSubMessages(readBody: ReadBody): EnvelopeProtocol {
  return {
    key: 'message',
    name: 'pub-sub',
    predict(model, { message }, request, answer) {
      if (!isEnvelope(message)) throw fault('/message', 'an object', message);
      const text = decode(message.data, '/message/data');
      readText(text, '/message/data', request, answer, (body, answerData) =>
        readBody(model, body, request, answerData),
      );
    },
  };
}

type ReadData = (body: unknown, answer: Answer) => void;

/** Data that is JSON itself, or text that holds JSON. */
function readData(data: unknown, request: HttpRequest, answer: Answer, read: ReadData): void {
  if (data === undefined) throw fault('/data', 'a request as a JSON object', data);
  if (typeof data === 'string') return readText(Buffer.from(data), '/data', request, answer, read);
  const inData = onProblem(answer, '/data', ({ pointer, detail }) => ({ pointer: `/data${pointer}`, detail }));
  answerThrown(inData, () => read(data, inData));
}

/** JSON within a string of the body: no pointer leads there, so that its own stands in the detail. */
function readText(text: Buffer, place: string, request: HttpRequest, answer: Answer, read: ReadData): void {
  const inText = onProblem(answer, place, ({ pointer, detail }) => ({
    pointer: place,
    detail: `${pointer}: ${detail}`,
  }));
  answerThrown(inText, () => useJson(text, request, inText, (body) => read(body, inText)));
}

function answerThrown(answer: Answer, run: () => void): void {
  try {
    run();
  } catch (failure) {
    answer(toError(failure));
  }
}

/** Problems name their place in the event. */
function onProblem(answer: Answer, place: string, move: (fault: Fault) => Fault): Answer {
  return (outcome, dialect) => answer(outcome instanceof Problem ? relocate(outcome, place, move) : outcome, dialect);
}

function relocate(problem: Problem, place: string, move: (fault: Fault) => Fault): Problem {
  const { type, message, errors, cause } = problem;
  if (errors !== undefined) return invalidInput(errors.map(move));
  const isOfData = type === 'malformed-body' || type === 'unknown-envelope';
  return isOfData ? new Problem(type, `${place}: ${message}`, { cause }) : problem;
}

function createAttributes(modelName: string) {
  const { randomUUID } = require('node:crypto') as typeof import('node:crypto');
  const source = `io.kserve.inference.${encodeURIComponent(modelName)}`;
  return { specversion: '1.0', id: randomUUID(), source, type: eventType, time: new Date().toISOString() };
}

function onSuccess(answer: Answer, change: (reply: HttpReply) => HttpReply): Answer {
  return (outcome, dialect) => answer(outcome instanceof Error ? outcome : change(outcome), dialect);
}

function wrap({ status, headers, body }: HttpReply, head: string): HttpReply {
  const [, , ...others] = jsonHeaders;
  const isJson = headers[1] === jsonHeaders[1];
  if (!isJson) return { status, headers, body };
  const event = ['content-type', structuredType, ...others];
  if (typeof body === 'string') return { status, headers: event, body: `${head}${body}}` };
  const pieces = Buffer.isBuffer(body) ? [body] : (body as readonly Buffer[]);
  return { status, headers: event, body: [Buffer.from(head), ...pieces, Buffer.from('}')] };
}

function decode(base64: unknown, pointer: string): Buffer {
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  throw fault(pointer, 'base64 text', base64);
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(pointer: string, expected: string, came: unknown): Problem {
  return invalidInput([{ pointer, detail: `expected ${expected}, came ${describeValue(came)}` }]);
}
