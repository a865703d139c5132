/** Predictions as text: a line for each instance, in order. */
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import type { Instances } from '../../serving/caller';
import { predictTensors, readInstances } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import { createReplyText } from './reply-text';

export interface LinesForm {
  readonly contentType: string;
  /** A line before all others, with its line break; may be empty. */
  readonly header: string;
  /** Writes a line without its line break. */
  readonly write: PredictionWriter;
}

export async function answerLines(
  model: Model,
  instances: Instances,
  form: LinesForm,
  request: HttpRequest,
): Promise<HttpReply> {
  const inputs = await readInstances(model, instances, request);
  const outputs = await predictTensors(model, inputs, request);
  const body = await inTurns(writeLines(outputs, form, model.limits.maxReplyBytes), request.isGone);
  return { status: 200, headers: ['content-type', form.contentType, 'x-content-type-options', 'nosniff'], body };
}

function* writeLines(outputs: Outputs, { header, write }: LinesForm, maxBytes: number): Work<HttpReply['body']> {
  const text = createReplyText({ maxBytes });
  text.add(header);
  for (const { tensors, from, to } of outputs) {
    for (let at = from; at < to; at++) if (text.add(`${write(tensors, at)}\n`)) yield;
  }
  return text.end();
}
