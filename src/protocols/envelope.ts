/** Bodies that are JSON objects: the member that a body has decides the protocol that it speaks. */
import { useJsonBody } from '../http/body';
import type { Answer, Handler, HttpRequest } from '../http/message';
import { describeValue, quote } from '../model/faults';
import type { Model } from '../model/model';
import { Problem } from '../problem';
import {
  answerBinaryEvent,
  isBinaryEvent,
  isStructuredEvent,
  pubSubMessages,
  type ReadBody,
  structuredEvents,
} from './cloud-events';

/** The body of a request: a JSON object. */
export type Envelope = Readonly<Record<string, unknown>>;

export interface EnvelopeProtocol {
  /** The member of the body by which the protocol is known. */
  readonly key: string;
  /** Its name in logs and metrics. */
  readonly name: string;
  /** Answers a body that has the member; a failure is thrown or answered. */
  predict(model: Model, envelope: Envelope, request: HttpRequest, answer: Answer): void;
}

/** Takes the body of whichever of the protocols its key names, plain or as the data of an event. */
export function envelopeHandler(model: Model, protocols: readonly EnvelopeProtocol[]): Handler {
  const message = pubSubMessages(createReader(protocols, []));
  // What Pub/Sub delivers may itself come as an event.
  const event = structuredEvents(createReader(protocols, [message]));
  const readEvent = createReader([event], []);
  // Some clients send an event as plain JSON.
  const readPlain = createReader(protocols, [event, message]);

  return (request, answer) => {
    request.event.version = model.card.version;
    const isEvent = isStructuredEvent(request);
    const reply = !isEvent && isBinaryEvent(request) ? answerBinaryEvent(request, model.card.name, answer) : answer;
    const read = isEvent ? readEvent : readPlain;
    model.checkRoom();
    useJsonBody(request, reply, (body) => read(model, body, request, reply));
  };
}

function createReader(protocols: readonly EnvelopeProtocol[], events: readonly EnvelopeProtocol[]): ReadBody {
  const keys = protocols.map(({ key }) => `"${key}"`).join(' or ');

  return (model, body, request, answer) => {
    if (!isEnvelope(body)) throw unknownEnvelope(`came ${describeValue(body)}`);
    const has = ({ key }: EnvelopeProtocol) => Object.hasOwn(body, key);
    const protocol = protocols.find(has) ?? events.find(has);
    if (protocol === undefined) {
      const found = Object.keys(body).slice(0, 5).map(quote).join(', ') || 'none';
      throw unknownEnvelope(`its members are: ${found}`);
    }
    const other = protocols.findLast(has) ?? protocol;
    if (other !== protocol) throw unknownEnvelope(`came "${protocol.key}" and "${other.key}"`);
    request.event.protocol = protocol.name;
    protocol.predict(model, body, request, answer);
  };

  function unknownEnvelope(found: string): Problem {
    return new Problem('unknown-envelope', `Expected a JSON object with the member ${keys}; ${found}.`);
  }
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
