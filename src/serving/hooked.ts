/** Predicts through hooks, a few instances after another: what hooks make of a small instance may be large. */
import type { Outputs } from '../model/batching/predict';
import type { Card } from '../model/card/card';
import { callsAtOnce } from '../model/hooks/call-hooks';
import { type HookedExchange, type Part, toAnswered } from '../model/hooks/exchange';
import type { Model } from '../model/model';
import { datatypes } from '../model/tensors/datatypes';
import { elementCount, isFree, joinRows, rowSizes, rowWidth } from '../model/tensors/tensors';
import { Problem } from '../problem';
import { inTurns } from '../turns';
import type { Caller, Instances } from './caller';
import type { OuterInputs } from './outer-inputs';
import { predictRows } from './predict-rows';
import { createRoom } from './room';

/** Bytes of tensors that hooks have made or are making, of all requests together. */
const roomBytes = 128 * 1024 * 1024;
/** Of one request. */
const partBytes = 4 * 1024 * 1024;
/** Calls of hooks that wait at the same time. */
const mostCalls = 256;
/** A string may have any length. */
const usualElementBytes = 64;
/** What an element of an answer takes as text and as a value. */
const answerBytes = 32;

const room = createRoom(roomBytes);
const calls = createRoom(mostCalls);
/** Rows that wait for their hooks, by model. */
const waiting = new WeakMap<Model, number>();

export async function readOuter(
  model: Model,
  hooked: HookedExchange,
  { instances, pointer }: Instances,
  { isGone }: Caller,
): Promise<OuterInputs> {
  const sent = Array.isArray(instances) ? (instances as readonly unknown[]) : [];
  model.checkRows(sent.length);
  checkWaiting(model);
  try {
    const checked = await inTurns(hooked.check(instances, pointer), isGone);
    return { hooked, rows: checked.length, instances: checked, sent, pointer };
  } catch (failure) {
    throw hooked.relocate(failure, sent, pointer);
  }
}

/** Rows that wait for hooks are rows that wait: the same limit holds. */
function checkWaiting(model: Model): void {
  const ahead = waiting.get(model) ?? 0;
  const { maxQueuedRows } = model.limits;
  if (ahead < maxQueuedRows) return;
  const detail = `${ahead} rows wait for the model's hooks (limit ${maxQueuedRows}). Retry in 1 s.`;
  throw new Problem('overloaded', detail, { retryAfterSeconds: 1 });
}

export async function predictOuter(model: Model, inputs: OuterInputs, caller: Caller): Promise<Outputs> {
  const { hooked, sent, pointer, rows } = inputs;
  await model.load();
  checkWaiting(model);
  count(model, rows);
  try {
    const answers = await answerParts(model, inputs, caller);
    caller.event.rows = rows;
    return [{ tensors: toAnswered(answers), from: 0, to: rows }];
  } catch (failure) {
    throw hooked.relocate(failure, sent, pointer);
  } finally {
    count(model, -rows);
  }
}

function count(model: Model, rows: number): void {
  waiting.set(model, (waiting.get(model) ?? 0) + rows);
}

async function answerParts(model: Model, inputs: OuterInputs, caller: Caller): Promise<string[]> {
  const { instances, pointer, rows } = inputs;
  const { isGone } = caller;
  const rowBytes = bytesOfRow(model.card);
  const atOnce = Math.max(1, Math.min(model.limits.maxBatchRows, Math.floor(partBytes / rowBytes)));
  const answers: string[] = [];
  let length = 0;
  for (let from = 0; from < rows; from += atOnce) {
    const part = { instances: instances.slice(from, from + atOnce), pointer, from, isGone, called: model.hookCalled };
    for (const answer of await answerPart(model, inputs.hooked, part, rowBytes, caller)) {
      answers.push(answer);
      length += answer.length;
    }
    if (length > model.limits.maxReplyBytes)
      throw new Problem(
        'reply-too-large',
        `Expected an answer of at most ${model.limits.maxReplyBytes} bytes, got more; send fewer rows per request.`,
      );
  }
  return answers;
}

async function answerPart(
  model: Model,
  hooked: HookedExchange,
  part: Part,
  rowBytes: number,
  caller: Caller,
): Promise<readonly string[]> {
  const leaveRoom = await room.enter(Math.min(roomBytes, part.instances.length * rowBytes));
  const leaveCalls = await calls.enter(Math.min(callsAtOnce, part.instances.length));
  try {
    if (caller.isGone()) throw new Problem('caller-gone', 'The caller closed the connection.');
    const tensors = await hooked.toTensors(part);
    const outputs = joinRows(model.card.outputs, await predictRows(model, tensors, caller));
    return await hooked.toAnswers(outputs, part);
  } finally {
    leaveCalls();
    leaveRoom();
  }
}

/** Of tensors, and of the text of an answer. An output of free sizes counts as large as the inputs. */
function bytesOfRow({ inputs, outputs }: Card): number {
  const elements = inputs.map((spec) => elementCount(rowSizes({ ...spec, shape: spec.maxShape ?? spec.shape })));
  const taken = inputs.map(
    ({ datatype }, i) => (datatypes[datatype].bytes ?? usualElementBytes) * (elements[i] as number),
  );
  const made = outputs.map((spec) => answerBytes * (isFree(spec) ? sum(elements) : rowWidth(spec)));
  return Math.max(1, sum(taken) + sum(made));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
