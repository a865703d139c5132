/** Parses a JSON body and answers it by the envelope whose key it has. */
import { parseJsonBody } from '../../http/json-body';
import type { Handler, HttpReply, HttpRequest } from '../../http/message';
import type { NumberRowsKind } from '../../json/number-rows';
import { describeValue, quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import { admit } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import type { Carrier } from './carrier';
import { type Envelope, isMembers, type ReadBody } from './envelope';
import { whereFeedbackGoes } from './models';

// Loaded for the first body of many rows.
const loadNumberBody = () => require('./number-body') as typeof import('./number-body');
// Shorter bodies are parsed as quickly.
const shortestNumberBody = 1024;
// Loaded for lists of events, which few senders write.
const loadBatch = () => require('./batch') as typeof import('./batch');

/** Takes any envelope by its key, plain or in a carrier. A carrier may hold the carriers listed after it. */
export function envelopeHandler(model: Model, envelopes: readonly Envelope[], carriers: readonly Carrier[]): Handler {
  let opened: readonly Envelope[] = [];
  for (const carrier of carriers.toReversed()) opened = [carrier.open(createReader(envelopes, opened)), ...opened];
  const readPlain = createReader(envelopes, opened);
  const headed = carriers.flatMap(({ inHead }, i) =>
    inHead === undefined ? [] : [{ ...inHead, read: createReader(opened.slice(i, i + 1), []) }],
  );

  const { key: rowsKey } = envelopes.find(({ takesNumberRows }) => takesNumberRows === true) ?? {};

  function parse(request: HttpRequest): Work<unknown> {
    const whole = parseJsonBody(request, model.bodyLimits());
    const { numberRows } = model;
    if (request.body.length < shortestNumberBody || numberRows === undefined || rowsKey === undefined) return whole;
    return parseNumbers(request.body, rowsKey, numberRows, whole);
  }

  function* parseNumbers(body: Buffer, key: string, kind: NumberRowsKind, whole: Work<unknown>): Work<unknown> {
    return (yield* loadNumberBody().readNumberBody(body, key, kind, model.bodyLimits())) ?? (yield* whole);
  }

  function answer(request: HttpRequest, read: ReadBody): HttpReply | Promise<HttpReply> {
    const parsing = inTurns(parse(request), request.isGone);
    return parsing instanceof Promise
      ? parsing.then((body) => read(model, body, request))
      : read(model, parsing, request);
  }

  async function answerList(request: HttpRequest, read: ReadBody, type: string): Promise<HttpReply> {
    const body = await inTurns(parseJsonBody(request, model.bodyLimits()), request.isGone);
    return loadBatch().answerBatch(model, body, request, read, type);
  }

  return (request) => {
    admit(model, request, request.body.length);
    for (let i = 0; i < headed.length; i++) {
      const { isBody, isHead, batchType, wrap, read } = headed[i] as (typeof headed)[number];
      const batch = batchType(request);
      if (batch !== undefined) return answerList(request, read, batch);
      if (isBody(request)) return answer(request, read);
      if (isHead(request)) return wrap(request, model, () => answer(request, readPlain));
    }
    return answer(request, readPlain);
  };
}

function createReader(envelopes: readonly Envelope[], carried: readonly Envelope[]): ReadBody {
  const keys = envelopes.map(({ key }) => `"${key}"`).join(' or ');

  return (model, body, request) => {
    if (!isMembers(body)) throw unknownEnvelope(`got ${describeValue(body)}`);
    const has = ({ key }: Envelope) => Object.hasOwn(body, key);
    const envelope = envelopes.find(has) ?? carried.find(has);
    if (envelope === undefined) {
      const found = Object.keys(body).slice(0, 5).map(quote).join(', ') || 'none';
      const advice = Object.hasOwn(body, 'feedback') ? `: ${whereFeedbackGoes(model)}` : '';
      throw unknownEnvelope(`got members: ${found}${advice}`);
    }
    const other = envelopes.findLast(has) ?? envelope;
    if (other !== envelope) throw unknownEnvelope(`got "${envelope.key}" and "${other.key}"`);
    request.event.protocol = envelope.name;
    if (envelope.dialect !== undefined) request.dialect = envelope.dialect;
    return envelope.answer(model, body, request);
  };

  function unknownEnvelope(found: string): Problem {
    return new Problem('unknown-envelope', `Expected a JSON object with the member ${keys}, ${found}.`);
  }
}
