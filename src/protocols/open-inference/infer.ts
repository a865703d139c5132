/** Inference: tensors in, tensors out, for any signature that the card describes. */
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import type { Tensors } from '../../model/tensors/tensors';
import { admit, predictTensors } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import { readInferenceBody } from './body';
import { decodeInputs } from './decode';
import { chooseOutputs, encodeReply } from './reply';
import type { SentTensor } from './request';

// Loaded for data frames: most callers send the tensors of the model.
const loadColumns = () => require('./named-columns') as typeof import('./named-columns');

export async function infer(model: Model, request: HttpRequest): Promise<HttpReply> {
  const { card, limits } = model;
  const { event, isGone } = request;
  event.protocol = 'open-inference';
  admit(model, request, request.body.length);
  const inference = await inTurns(readInferenceBody(request, model), isGone);
  const inputs = await inTurns(decode(inference.inputs, model), isGone);
  const answered = chooseOutputs(card, inference, inputs.rows, limits.maxReplyBytes);
  const outputs = await predictTensors(model, inputs, request);
  return inTurns(encodeReply({ card, id: inference.id, answered, rows: inputs.rows }, outputs, limits), isGone);
}

/** Tensors of the model, or columns: those are named by features. */
export function decode(sent: readonly SentTensor[], model: Model): Work<Tensors> {
  const { inputs, features } = model.card;
  const first = sent[0]?.name;
  const isColumns = !inputs.some(({ name }) => name === first) && features.some(({ name }) => name === first);
  return isColumns ? loadColumns().decodeColumns(sent, model) : decodeInputs(sent, model);
}
