/** Predictions as a JSON reply: one value per instance, in order. */
import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import type { Instances } from '../../serving/caller';
import { type Inputs, predictTensors, readInstances } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import { createReplyText, type ReplyLimit } from './reply-text';

/** How predictions are written. */
export interface RowsForm {
  /** The key of the predictions in the reply. */
  readonly key: string;
  readonly write: PredictionWriter;
  /** Defaults to `MAX_REPLY_BYTES`. */
  readonly limit?: ReplyLimit;
  /** Replies for rows that do not run, as text between those that do. */
  readonly gaps?: Gaps | undefined;
  /** Members after the predictions, as text, for the rows of `inputs`. */
  readonly members?: ((inputs: Inputs) => Work<string>) | undefined;
}

export interface Gaps {
  /** Text before this row, commas included. */
  before(row: number): string;
  /** Text after the last row. */
  readonly after: string;
}

export async function answerRows(
  model: Model,
  instances: Instances,
  form: RowsForm,
  request: HttpRequest,
): Promise<HttpReply> {
  const reading = readInstances(model, instances, request);
  const inputs = reading instanceof Promise ? await reading : reading;
  const outputs = await predictTensors(model, inputs, request);
  return inTurns(writeRows(inputs, outputs, form, model.limits.maxReplyBytes), request.isGone);
}

function* writeRows(inputs: Inputs, outputs: Outputs, form: RowsForm, maxBytes: number): Work<HttpReply> {
  const { key, write, gaps, limit = { maxBytes }, members } = form;
  const text = createReplyText(limit);
  let row = 0;
  text.add(`{"${key}":[`);
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
