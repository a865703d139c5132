/** Answers a table in parts, each as soon as its rows are there: neither it nor its answer is ever whole in memory. */
import { type ArrivingBody, bodyBytes, type HttpReply, type HttpRequest } from '../../../http/message';
import { invalidInput } from '../../../model/instances/contract';
import type { Model } from '../../../model/model';
import { Problem, toProblemDocument } from '../../../problem';
import { createRoom } from '../../../serving/room';
import { inTurns } from '../../../turns';
import { type AnswerForm, answerAs, answerFormOf } from './answer-form';
import { joinOf } from './joined-answers';
import type { Part, PartOptions } from './part';
import { partsOf } from './parts';

/** Of a part of lines: as much as a body that waits for no other. */
const partLimits = { rows: 4096, bytes: 256 * 1024 };
/** Bytes of the parts that are worked on, of all tables together: their values take a multiple of it. */
const roomBytes = 2 * 1024 * 1024;
/** How long a part waits when the queue is full. */
const retryMs = 50;
/** Pieces of an answer that is sent whole, if all of the table has arrived. */
const wholePieces = 4;

const room = createRoom(roomBytes);

/** The status is that of the first part. */
export async function answerFlow(model: Model, request: HttpRequest, arriving: ArrivingBody): Promise<HttpReply> {
  const form = answerFormOf(model, request);
  const answers = answersOf(model, request, form, arriving);
  const first = await answers.next();
  // The reason why a table of no rows is refused is that of one that is read whole.
  if (first.done === true) return answerAs(form, model, { instances: [], pointer: '' }, request);
  const { headers, body } = first.value;
  const begun = [body];
  while (arriving.isComplete() && begun.length < wholePieces) {
    const next = await answers.next();
    if (next.done === true) return { status: 200, headers, body: begun };
    begun.push(next.value.body);
  }
  return { status: 200, headers, body: begun, rest: bodiesOf(answers) };
}

interface PartAnswer {
  readonly headers: readonly string[];
  readonly body: Buffer;
}

async function* bodiesOf(answers: AsyncIterable<PartAnswer>): AsyncGenerator<Buffer> {
  for await (const { body } of answers) yield body;
}

async function* answersOf(
  model: Model,
  request: HttpRequest,
  form: AnswerForm,
  arriving: ArrivingBody,
): AsyncGenerator<PartAnswer> {
  const { next, end } = joinOf(form);
  let headers: readonly string[] = [];
  let rows = 0;
  try {
    for await (const part of partsOf(model, arriving, optionsOf(request, arriving))) {
      const isFirst = rows === 0;
      const reply = await answerPart(model, request, isFirst ? form : { ...form, hasHeader: false }, part, isFirst);
      ({ headers } = reply);
      rows += part.rows;
      arriving.progressed();
      yield { headers, body: next(bodyBytes(reply.body), isFirst) };
    }
  } catch (failure) {
    const problem = rows === 0 ? failure : atRow(failure, rows);
    if (rows > 0 && form.kind === 'lines') yield { headers, body: toLine(problem, request) };
    throw problem;
  }
  if (rows > 0 && end.length > 0) yield { headers, body: end };
}

function optionsOf({ headers }: HttpRequest, { maxPartBytes: longest, keep }: ArrivingBody): PartOptions {
  const limits = { ...partLimits, longest };
  return { contentType: headers['content-type'] ?? '', limits, isPatient: false, kept: keep };
}

/** A part of a table that has begun waits where a request would be refused. */
async function answerPart(
  model: Model,
  request: HttpRequest,
  form: AnswerForm,
  part: Part,
  isFirst: boolean,
): Promise<HttpReply> {
  const deadline = performance.now() + model.limits.requestTimeoutMs;
  for (;;) {
    try {
      return await answerNow(model, request, form, part);
    } catch (failure) {
      const mayWait = !isFirst && performance.now() < deadline;
      if (!mayWait || !(failure instanceof Problem && failure.type === 'overloaded')) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

async function answerNow(model: Model, request: HttpRequest, form: AnswerForm, part: Part): Promise<HttpReply> {
  const { event, isGone } = request;
  const leave = await room.enter(Math.min(roomBytes, part.bytes));
  try {
    if (isGone()) throw new Problem('caller-gone', 'The caller closed the connection.');
    const own = { ...event, rows: 0, modelMs: 0 };
    const instances = await inTurns(part.read(), isGone);
    const reply = await answerAs(form, model, { instances, pointer: '' }, { ...request, event: own });
    event.rows += own.rows;
    event.modelMs += own.modelMs;
    event.queuedAt ||= own.queuedAt;
    event.runAt ||= own.runAt;
    return reply;
  } finally {
    leave();
  }
}

/** The same failure at its place in the table, of which so many rows have been answered. */
function atRow(failure: unknown, rows: number): unknown {
  if (!(failure instanceof Problem)) return failure;
  const { type, message, errors, retryAfterSeconds, cause } = failure;
  if (errors !== undefined)
    return invalidInput(
      errors.map(({ pointer, detail }) => ({
        pointer: pointer.replace(/^\/(\d+)/, (_, row) => `/${rows + Number(row)}`),
        detail,
      })),
    );
  return new Problem(type, `From row ${rows} on: ${message}`, {
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** The last line of an answer that is not complete: a problem document, as a status would have brought it. */
function toLine(failure: unknown, { dialect }: HttpRequest): Buffer {
  const problem = failure instanceof Problem ? failure : new Problem('internal', 'The server failed unexpectedly.');
  const document = toProblemDocument(problem);
  return Buffer.from(`${JSON.stringify(dialect?.spell(document) ?? document)}\n`);
}
