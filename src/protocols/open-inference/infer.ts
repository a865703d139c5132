/** Inference: tensors in, tensors out, for any signature that the card describes. */
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import type { Tensors } from '../../model/tensors/tensors';
import { admit, predictTensors } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import { readInferenceBody } from './body';
import { decodeInputs } from './decode';
import { chooseOutputs } from './outputs';
import { encodeReply, type InferenceReply } from './reply';
import type { InferenceRequest, SentTensor } from './request';

// Loaded for data frames: most callers send the tensors of the model.
const loadColumns = () => require('./named-columns') as typeof import('./named-columns');

// Loaded for requests with a coverage.
const loadSets = () => require('./prediction-sets') as typeof import('./prediction-sets');

export async function infer(model: Model, request: HttpRequest): Promise<HttpReply> {
  const { card, limits } = model;
  const { event, isGone } = request;
  event.protocol = 'open-inference';
  admit(model, request, request.body.length);
  const inference = await inTurns(readInferenceBody(request, model), isGone);
  const inputs = await inTurns(decode(inference.inputs, model), isGone);
  const answered = chooseAnswered(model, inference, inputs.rows);
  const outputs = await predictTensors(model, inputs, request);
  return inTurns(encodeReply({ card, id: inference.id, ...answered, rows: inputs.rows }, outputs, limits), isGone);
}

/** What is answered: outputs of the model, and sets where a coverage is asked for. */
export function chooseAnswered(
  model: Model,
  inference: InferenceRequest,
  rows: number,
): Pick<InferenceReply, 'answered' | 'parameters'> {
  const { card, limits } = model;
  const answered = chooseOutputs(card, inference, rows, limits.maxReplyBytes);
  if (inference.coverage === undefined) return { answered };
  const { output, parameters } = loadSets().answerSets(model, inference.coverage, inference.isBinary);
  return { answered: [...answered, output], parameters };
}

/** Tensors of the model, or columns: those are named by features. */
export function decode(sent: readonly SentTensor[], model: Model): Work<Tensors> {
  const { inputs, features } = model.card;
  const first = sent[0]?.name;
  const isColumns = !inputs.some(({ name }) => name === first) && features.some(({ name }) => name === first);
  return isColumns ? loadColumns().decodeColumns(sent, model) : decodeInputs(sent, model);
}
