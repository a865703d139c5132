/** Prediction for protocols that send instances and want one JSON value back for each, in order. */
import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import type { Tensors } from '../../model/tensors/tensors';
import { type Outputs, predict } from '../../serving/predict';
import { inTurns, type Work } from '../../turns';
import { createReplyText, type ReplyLimit } from './reply-text';

export interface RowRequest {
  readonly instances: unknown;
  /** Where the instances stand in the body. */
  readonly pointer: string;
  /** The member of the answer that holds the predictions. */
  readonly answerKey: string;
  readonly write: PredictionWriter;
  /** Replies of rows that do not run, as text around those that do. */
  readonly gaps?: Gaps;
  readonly limit?: ReplyLimit;
  /** Members of the answer behind the predictions, as text, for the rows of `inputs`. */
  members?(inputs: Tensors): Work<string>;
}

export interface Gaps {
  /** What stands before the row with this number, commas included. */
  before(row: number): string;
  /** What stands behind the last row. */
  readonly after: string;
}

/** Reads the instances, predicts them and answers with the predictions. */
export async function predictRows(model: Model, rows: RowRequest, request: HttpRequest): Promise<HttpReply> {
  const { instances, pointer } = rows;
  if (Array.isArray(instances)) model.checkRows(instances.length);
  const reading = inTurns(model.contract.readInstances(instances, pointer), request.isGone);
  // Most are there at once, and a promise would cost each of them.
  const inputs = reading instanceof Promise ? await reading : reading;
  const outputs = await predict(model.submit, inputs, request);
  return inTurns(writeReply(rows, inputs, outputs, model.limits.maxReplyBytes), request.isGone);
}

function* writeReply(rows: RowRequest, inputs: Tensors, outputs: Outputs, maxReplyBytes: number): Work<HttpReply> {
  const { answerKey, write, gaps, limit = { maxBytes: maxReplyBytes }, members } = rows;
  const text = createReplyText(limit);
  let row = 0;
  text.add(`{"${answerKey}":[`);
  for (const { tensors, from, to } of outputs) {
    for (let at = from; at < to; at++, row++) {
      const comma = row > 0 ? ',' : '';
      const gap = gaps === undefined ? '' : gaps.before(row);
      if (text.add(comma + gap + write(tensors, at))) yield;
    }
  }
  text.add(gaps === undefined ? ']' : `${gaps.after}]`);
  text.add(members === undefined ? '}' : `,${yield* members(inputs)}}`);
  return { status: 200, headers: jsonHeaders, body: text.end() };
}
