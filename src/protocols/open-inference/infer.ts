/** Inference: tensors in, tensors out, for whatever signature the card describes. */
import type { Answer, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import { toError } from '../../problem';
import { outcomeOf } from '../outcome';
import { readInferenceBody } from './body';
import { decodeInputs } from './decode';
import { createInferenceReply } from './reply';

export function infer(model: Model, request: HttpRequest, answer: Answer): void {
  const { card, contract } = model;
  request.event.protocol = 'open-inference';
  request.event.version = card.version;
  model.checkRoom();
  const inference = readInferenceBody(request, card.inputs);
  const inputs = decodeInputs(inference.inputs, card.inputs, contract.tensorRules());
  model.checkRows(inputs.rows);
  const reply = createInferenceReply(card, inference, inputs.rows);
  model.submit({
    rows: inputs,
    accept: reply.add,
    end: (failure) => answer(failure === undefined ? outcomeOf(reply.finish) : toError(failure)),
    isGone: request.isGone,
    event: request.event,
  });
}
