/** Predictions as a JSON reply: one value per instance, in order. */
import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import type { Instances } from '../../serving/caller';
import { type Inputs, predictTensors, readInstances } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import type { Coverage } from './coverage';
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
  /** Adds a set to each prediction, and what the sets are worth to the answer. */
  readonly coverage?: Coverage | undefined;
  /** Members after the predictions, as text, for the rows of `inputs`. */
  readonly members?: ((inputs: Inputs) => Work<string>) | undefined;
}

export interface Gaps {
  /** Text before this row, commas included. */
  before(row: number): string;
  /** Text after the last row. */
  readonly after: string;
}

const noGaps: Gaps = { before: () => '', after: '' };

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
  const { key, gaps = noGaps, limit = { maxBytes }, members, coverage } = form;
  const write = coverage === undefined ? form.write : coverage.addTo(form.write);
  const text = createReplyText(limit);
  let row = 0;
  text.add(`{"${key}":[`);
  for (const { tensors, from, to } of outputs) {
    for (let at = from; at < to; at++, row++) {
      const comma = row > 0 ? ',' : '';
      if (text.add(comma + gaps.before(row) + write(tensors, at))) yield;
    }
  }
  text.add(`${gaps.after}]`);
  if (members !== undefined || coverage !== undefined) text.add(yield* writeMembers(inputs, form));
  text.add('}');
  return { status: 200, headers: jsonHeaders, body: text.end() };
}

function* writeMembers(inputs: Inputs, { members, coverage }: RowsForm): Work<string> {
  const own = members === undefined ? '' : `,${yield* members(inputs)}`;
  return coverage === undefined ? own : `${own},${coverage.member}`;
}
