/** CloudEvents 1.0 over HTTP: an event whose data is a request of another protocol is answered with an event of its answer. */
import { type Answer, type HttpReply, type HttpRequest, jsonHeaders } from '../http/message';
import { invalidInput } from '../model/contract';
import { describeValue } from '../model/faults';
import { Problem } from '../problem';
import type { Envelope, EnvelopeProtocol } from './envelope';

const eventType = 'io.kserve.inference.response';
const structuredType = 'application/cloudevents+json';

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
export function structuredEvents(readData: EnvelopeProtocol['predict']): EnvelopeProtocol {
  return {
    key: 'specversion',
    name: 'cloud-events',
    predict(model, event, request, answer) {
      for (const name of ['id', 'source', 'type']) {
        if (typeof event[name] !== 'string') throw fault(`/${name}`, 'a string', event[name]);
      }
      if (event.specversion !== '1.0') throw fault('/specversion', '"1.0"', event.specversion);
      const data = 'data_base64' in event ? decode(event.data_base64, '/data_base64') : parseData(event.data);
      const head = JSON.stringify({ ...createAttributes(model.card.name), datacontenttype: 'application/json' });
      readData(
        model,
        data,
        request,
        onSuccess(answer, (reply) => wrap(reply, `${head.slice(0, -1)},"data":`)),
      );
    },
  };
}

/** A Pub/Sub push message: its data, in base64, is the request. Pub/Sub takes any answer of success for an acknowledgement. */
export function pubSubMessages(readData: EnvelopeProtocol['predict']): EnvelopeProtocol {
  return {
    key: 'message',
    name: 'pub-sub',
    predict(model, { message }, request, answer) {
      if (!isEnvelope(message)) throw fault('/message', 'an object', message);
      readData(model, decode(message.data, '/message/data'), request, answer);
    },
  };
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

function decode(base64: unknown, pointer: string): Envelope {
  if (typeof base64 !== 'string') throw fault(pointer, 'base64 text', base64);
  return parseData(Buffer.from(base64, 'base64').toString(), pointer);
}

/** Data that is JSON itself, or text that holds JSON. */
function parseData(data: unknown, pointer = '/data'): Envelope {
  if (isEnvelope(data)) return data;
  if (typeof data !== 'string') throw fault(pointer, 'a request as a JSON object', data);
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw fault(pointer, 'text that holds a JSON object', data);
  }
  if (!isEnvelope(value)) throw fault(pointer, 'a request as a JSON object', value);
  return value;
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(pointer: string, expected: string, came: unknown): Problem {
  return invalidInput([{ pointer, detail: `expected ${expected}, came ${describeValue(came)}` }]);
}
