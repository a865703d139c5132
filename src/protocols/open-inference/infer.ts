/** Inference: tensors in, tensors out, for any signature that the card describes. */
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import { admit, predictTensors } from '../../serving/data-plane';
import { inTurns } from '../../turns';
import { readInferenceBody } from './body';
import { decodeInputs } from './decode';
import { chooseOutputs, encodeReply } from './reply';

export async function infer(model: Model, request: HttpRequest): Promise<HttpReply> {
  const { card, limits } = model;
  const { event, isGone } = request;
  event.protocol = 'open-inference';
  admit(model, request, request.body.length);
  const inference = await inTurns(readInferenceBody(request, model), isGone);
  const inputs = await inTurns(decodeInputs(inference.inputs, model), isGone);
  const answered = chooseOutputs(card, inference, inputs.rows, limits.maxReplyBytes);
  const outputs = await predictTensors(model, inputs, request);
  return inTurns(encodeReply({ card, id: inference.id, answered, rows: inputs.rows }, outputs, limits), isGone);
}
