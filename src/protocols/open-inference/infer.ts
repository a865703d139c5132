/** Inference: tensors in, tensors out, for whatever signature the card describes. */
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import { predict } from '../../serving/predict';
import { inTurns } from '../../turns';
import { readInferenceBody } from './body';
import { decodeInputs } from './decode';
import { chooseOutputs, encodeReply } from './reply';

export async function infer(model: Model, request: HttpRequest): Promise<HttpReply> {
  const { card, limits } = model;
  const { event, isGone } = request;
  event.protocol = 'open-inference';
  event.version = card.version;
  model.checkRoom(request.body.length);
  const inference = await inTurns(readInferenceBody(request, model), isGone);
  const inputs = await inTurns(decodeInputs(inference.inputs, model), isGone);
  const answered = chooseOutputs(card, inference, inputs.rows, limits.maxReplyBytes);
  const outputs = await predict(model.submit, inputs, request);
  return inTurns(encodeReply({ card, id: inference.id, answered, rows: inputs.rows }, outputs, limits), isGone);
}
