/** A list of events in one body: each is answered as if it came alone, and their rows join in the model's runs. */
import { bodyLength, type HttpReply, type HttpRequest } from '../../http/message';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import type { ReadBody } from './envelope';
import { checkReplyLength } from './reply-text';

/** Rejects as a whole with the first failure: a sender that repeats a batch repeats all of it. */
export async function answerBatch(
  model: Model,
  body: unknown,
  request: HttpRequest,
  read: ReadBody,
  contentType: string,
): Promise<HttpReply> {
  if (!Array.isArray(body))
    throw new Problem('unknown-envelope', `Expected a JSON array of events, got ${describeValue(body)}.`);
  // Before anything is made for each of them.
  model.checkRows(body.length);
  // The head names the batch; each event has an id of its own.
  const { 'prediction-id': _, ...headers } = request.headers;
  const requests = body.map(() => ({ ...request, headers, event: { ...request.event } }));
  const answers = await Promise.all(
    body.map((each, i) => answerEvent(model, each, requests[i] as HttpRequest, i, read)),
  );
  const { event } = request;
  const { predictionId } = event;
  for (const { event: own } of requests) {
    const { rows, modelMs } = event;
    Object.assign(event, own, { rows: rows + own.rows, modelMs: modelMs + own.modelMs, predictionId });
  }
  const comma = Buffer.from(',');
  const pieces = answers.flatMap(({ body: part }, i) => [...(i > 0 ? [comma] : []), ...toPieces(part)]);
  const joined = [Buffer.from('['), ...pieces, Buffer.from(']')];
  checkReplyLength(bodyLength(joined), { maxBytes: model.limits.maxReplyBytes });
  return { status: 200, headers: ['content-type', contentType, 'x-content-type-options', 'nosniff'], body: joined };
}

async function answerEvent(
  model: Model,
  event: unknown,
  request: HttpRequest,
  i: number,
  read: ReadBody,
): Promise<HttpReply> {
  try {
    return await read(model, event, request);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    const { type, message, errors } = failure;
    if (errors !== undefined)
      throw invalidInput(errors.map((fault) => ({ ...fault, pointer: `/${i}${fault.pointer}` })));
    throw type === 'unknown-envelope' ? new Problem(type, `/${i}: ${message}`) : failure;
  }
}

function toPieces(body: HttpReply['body']): readonly Buffer[] {
  if (typeof body === 'string') return [Buffer.from(body)];
  return Buffer.isBuffer(body) ? [body] : (body as readonly Buffer[]);
}
