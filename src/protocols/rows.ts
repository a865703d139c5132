/** Prediction for protocols that send instances and want one JSON value back for each, in order. */
import { type Answer, type HttpReply, type HttpRequest, jsonHeaders } from '../http/message';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors';
import { Problem, toError } from '../problem';
import type { Envelope } from './envelope';

export interface RowForm {
  /** The member of the body that holds the instances. */
  readonly key: string;
  /** The member of the answer that holds the predictions. */
  readonly answerKey: string;
}

/** Text is turned into bytes in pieces of about this size, so that a long answer never stands in one string. */
const pieceLength = 256 * 1024;

/** Reads the instances of a body, predicts them and answers with the predictions. */
export function predictRows(model: Model, form: RowForm, body: Envelope, request: HttpRequest, answer: Answer): void {
  const instances = body[form.key];
  model.contract.readInstances(instances, `/${form.key}`, (outcome) => {
    if (outcome instanceof Problem) return answer(outcome);
    const reply = createRowReply(form.answerKey, model.writePrediction);
    try {
      model.submit({
        rows: outcome,
        accept: reply.add,
        end: (failure) => answer(failure === undefined ? reply.finish() : toError(failure)),
        isGone: request.isGone,
        event: request.event,
      });
    } catch (refusal) {
      answer(toError(refusal));
    }
  });
}

function createRowReply(answerKey: string, writeRow: (outputs: Tensors, row: number) => string) {
  const pieces: Buffer[] = [];
  let text = `{"${answerKey}":[`;
  let isFirst = true;

  function add(outputs: Tensors, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      text += isFirst ? writeRow(outputs, row) : `,${writeRow(outputs, row)}`;
      isFirst = false;
    }
    if (text.length < pieceLength) return;
    pieces.push(Buffer.from(text));
    text = '';
  }

  function finish(): HttpReply {
    text += ']}';
    const body = pieces.length === 0 ? text : [...pieces, Buffer.from(text)];
    return { status: 200, headers: jsonHeaders, body };
  }

  return { add, finish };
}
