/** ModelInfer: the same tensors as over REST, in the same runs. */
import { messageReply } from '../../../grpc/reply';
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import { admit, predictTensors } from '../../../serving/data-plane';
import { inTurns } from '../../../turns';
import { chooseAnswered, decode } from '../infer';
import { checkCount, checkInputCount } from '../request';
import { encodeInferReply } from './reply';
import { readInferRequest } from './request';

export type ChooseModel = (name: string, version: string) => Model;

export async function inferMessage(choose: ChooseModel, request: HttpRequest): Promise<HttpReply> {
  const { event, isGone, body } = request;
  event.protocol = 'open-inference';
  const sent = readInferRequest(body);
  const model = choose(sent.modelName, sent.modelVersion);
  const { card, limits } = model;
  admit(model, request, body.length);
  checkInputCount(sent.inputs, card);
  if (sent.outputs !== undefined) checkCount('/outputs', sent.outputs, card.outputs);
  const inputs = await inTurns(decode(sent.inputs, model), isGone);
  const answered = chooseAnswered(model, withForm(sent), inputs.rows);
  const outputs = await predictTensors(model, inputs, request);
  const reply = { card, id: sent.id, ...answered, rows: inputs.rows };
  return messageReply(await inTurns(encodeInferReply(reply, outputs, limits), isGone));
}

/** Outputs by name have the form of all outputs. */
function withForm(sent: ReturnType<typeof readInferRequest>): ReturnType<typeof readInferRequest> {
  const { outputs, isBinary } = sent;
  return outputs === undefined ? sent : { ...sent, outputs: outputs.map((output) => ({ ...output, isBinary })) };
}
