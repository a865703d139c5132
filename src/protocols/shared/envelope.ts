/** Bodies that are JSON objects: the member that a body has decides the protocol that it speaks. */
import { parseJsonBody } from '../../http/json-body';
import type { Handler, HttpReply, HttpRequest } from '../../http/message';
import { describeValue, quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { type Dialect, Problem } from '../../problem';
import { inTurns } from '../../turns';
import {
  answerBinaryEvent,
  isBinaryEvent,
  isStructuredEvent,
  pubSubMessages,
  type ReadBody,
  structuredEvents,
} from '../cloud-events/cloud-events';

/** The body of a request: a JSON object. */
export type Envelope = Readonly<Record<string, unknown>>;

export interface EnvelopeProtocol {
  /** The member of the body by which the protocol is known. */
  readonly key: string;
  /** Its name in logs and metrics. */
  readonly name: string;
  /** How it spells failures, where that is not as the path says. */
  readonly dialect?: Dialect;
  /** Answers a body that has the member. */
  answer(model: Model, envelope: Envelope, request: HttpRequest): HttpReply | Promise<HttpReply>;
}

/** Takes the body of whichever of the protocols its key names, plain or as the data of an event. */
export function envelopeHandler(model: Model, protocols: readonly EnvelopeProtocol[]): Handler {
  const message = pubSubMessages(createReader(protocols, []));
  // What Pub/Sub delivers may itself come as an event.
  const event = structuredEvents(createReader(protocols, [message]));
  const readEvent = createReader([event], []);
  // Some clients send an event as plain JSON.
  const readPlain = createReader(protocols, [event, message]);

  function answer(request: HttpRequest, read: ReadBody): HttpReply | Promise<HttpReply> {
    const parsing = inTurns(parseJsonBody(request, model.bodyLimits()), request.isGone);
    return parsing instanceof Promise
      ? parsing.then((body) => read(model, body, request))
      : read(model, parsing, request);
  }

  return (request) => {
    request.event.version = model.card.version;
    model.checkRoom(request.body.length);
    if (isStructuredEvent(request)) return answer(request, readEvent);
    if (!isBinaryEvent(request)) return answer(request, readPlain);
    return answerBinaryEvent(request, model.card.name, () => answer(request, readPlain));
  };
}

function createReader(protocols: readonly EnvelopeProtocol[], events: readonly EnvelopeProtocol[]): ReadBody {
  const keys = protocols.map(({ key }) => `"${key}"`).join(' or ');

  return (model, body, request) => {
    if (!isEnvelope(body)) throw unknownEnvelope(`got ${describeValue(body)}`);
    const has = ({ key }: EnvelopeProtocol) => Object.hasOwn(body, key);
    const protocol = protocols.find(has) ?? events.find(has);
    if (protocol === undefined) {
      const found = Object.keys(body).slice(0, 5).map(quote).join(', ') || 'none';
      throw unknownEnvelope(`its members are: ${found}`);
    }
    const other = protocols.findLast(has) ?? protocol;
    if (other !== protocol) throw unknownEnvelope(`got "${protocol.key}" and "${other.key}"`);
    request.event.protocol = protocol.name;
    if (protocol.dialect !== undefined) request.dialect = protocol.dialect;
    return protocol.answer(model, body, request);
  };

  function unknownEnvelope(found: string): Problem {
    return new Problem('unknown-envelope', `Expected a JSON object with the member ${keys}; ${found}.`);
  }
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
