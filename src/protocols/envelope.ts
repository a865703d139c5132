/** Bodies that are JSON objects: the member that a body has decides the protocol that it speaks. */
import { parseJsonBody } from '../http/body';
import type { Answer, Handler, HttpRequest } from '../http/message';
import { describeValue, quote } from '../model/faults';
import type { Model } from '../model/model';
import { Problem } from '../problem';

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

/** Takes the body of whichever of the protocols its key names. */
export function envelopeHandler(model: Model, protocols: readonly EnvelopeProtocol[]): Handler {
  const keys = protocols.map(({ key }) => `"${key}"`).join(' or ');

  return (request, answer) => {
    const body = parseJsonBody(request);
    if (!isEnvelope(body)) throw unknownEnvelope(`came ${describeValue(body)}`);
    const protocol = protocols.find(({ key }) => Object.hasOwn(body, key));
    if (protocol === undefined) {
      const found = Object.keys(body).slice(0, 5).map(quote).join(', ') || 'none';
      throw unknownEnvelope(`its members are: ${found}`);
    }
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
