/** CloudEvents 1.0 over HTTP: the event's data is a request of another protocol, the response an event that holds its answer. */

import { type HttpReply, type HttpRequest, jsonHeaders, jsonType } from '../../http/message';
import { identify } from '../../http/prediction-id';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import { type Carrier, readBase64, readData } from '../shared/carrier';
import type { Members, ReadBody } from '../shared/envelope';
import { expected } from '../shared/faults';
import type { Protocol } from '../shared/protocol';
import { batchType, describeEvents, structuredType } from './openapi';

const answerType = 'io.kserve.inference.response';
const eventHeaders = ['content-type', structuredType, 'x-content-type-options', 'nosniff'];

const events: Carrier = {
  open: (read) => ({
    key: 'specversion',
    name: 'cloud-events',
    async answer(model, event, request) {
      for (const name of ['id', 'source', 'type']) {
        if (typeof event[name] !== 'string') throw expected(`/${name}`, 'a string', event[name]);
      }
      identify(request, event.id);
      if (event.specversion !== '1.0') throw expected('/specversion', '"1.0"', event.specversion);
      return intoEvent(await answerData(model, event, request, read), createAttributes(model.card.name));
    },
  }),
  inHead: { isBody: isStructured, isHead: isBinary, batchType: typeOfBatch, wrap: answerBinary },
  describe: describeEvents,
};

/** Any envelope as an event, in structured or binary mode. */
export const cloudEvents: Protocol = { name: 'cloud-events', carriers: [events] };

/** Structured mode: the content type marks the body as the event. */
function isStructured({ headers: { 'content-type': type } }: HttpRequest): boolean {
  return type !== undefined && type !== jsonType && type.toLowerCase().startsWith(structuredType);
}

/** Batch mode: the body is a list of events. */
function typeOfBatch({ headers: { 'content-type': type } }: HttpRequest): string | undefined {
  return type !== undefined && type !== jsonType && type.toLowerCase().startsWith(batchType) ? batchType : undefined;
}

/** Binary mode: header fields carry the event's attributes, the body its data. */
function isBinary({ headers }: HttpRequest): boolean {
  return headers['ce-specversion'] !== undefined;
}

async function answerBinary(
  { headers }: HttpRequest,
  { card }: Model,
  answer: () => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  for (const name of ['ce-id', 'ce-source', 'ce-type']) {
    if (headers[name] === undefined)
      throw new Problem('unknown-envelope', `Expected the CloudEvent header field ${name}, got none.`);
  }
  if (headers['ce-specversion'] !== '1.0') {
    const got = JSON.stringify(String(headers['ce-specversion']).slice(0, 40));
    throw new Problem('unknown-envelope', `Expected ce-specversion 1.0, got ${got}.`);
  }
  const reply = await answer();
  const attributes = Object.entries(createAttributes(card.name)).flatMap(([name, value]) => [`ce-${name}`, value]);
  return { ...reply, headers: [...reply.headers, ...attributes] };
}

function answerData(
  model: Model,
  { data, data_base64: base64 }: Members,
  request: HttpRequest,
  read: ReadBody,
): Promise<HttpReply> {
  if (base64 === undefined) return readData(data, model, request, read);
  if (data !== undefined) throw expected('/data_base64', 'nothing next to data', base64);
  return readBase64(base64, '/data_base64', model, request, read);
}

function createAttributes(modelName: string) {
  const source = `io.kserve.inference.${encodeURIComponent(modelName)}`;
  return { specversion: '1.0', id: crypto.randomUUID(), source, type: answerType, time: new Date().toISOString() };
}

/** Wraps a JSON reply in an event; leaves any other reply as it is. */
function intoEvent(reply: HttpReply, attributes: object): HttpReply {
  if (reply.headers !== jsonHeaders) return reply;
  const { status, body } = reply;
  const head = `${JSON.stringify({ ...attributes, datacontenttype: jsonType }).slice(0, -1)},"data":`;
  if (typeof body === 'string') return { status, headers: eventHeaders, body: `${head}${body}}` };
  const pieces = Buffer.isBuffer(body) ? [body] : (body as readonly Buffer[]);
  return { status, headers: eventHeaders, body: [Buffer.from(head), ...pieces, Buffer.from('}')] };
}
