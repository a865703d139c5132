/** Prediction for protocols that send instances and want one JSON value back for each, in order. */
import { type Answer, type HttpReply, type HttpRequest, jsonHeaders } from '../http/message';
import type { Model } from '../model/model';
import type { PredictionWriter } from '../model/prediction';
import type { Tensors } from '../model/tensors';
import { type Dialect, Problem, toError } from '../problem';
import { outcomeOf } from './outcome';

export interface RowRequest {
  readonly instances: unknown;
  /** Where the instances stand in the body. */
  readonly pointer: string;
  /** The member of the answer that holds the predictions. */
  readonly answerKey: string;
  readonly write: PredictionWriter;
  /** How failures are spelled, where the path does not say. */
  readonly dialect?: Dialect;
  /** Says of faults where they are in the body, when the instances are not as the body has them. */
  relocate?(problem: Problem): Problem;
  /** Replies of rows that do not run, as text around those that do. */
  readonly gaps?: Gaps;
  readonly limit?: ReplyLimit;
  /** Members of the answer behind the predictions, as text, for the rows of `inputs`. */
  members?(inputs: Tensors): string;
}

/** The longest answer that a protocol takes, and what its caller can do about a longer one. */
export interface ReplyLimit {
  readonly maxBytes: number;
  readonly remedy: string;
}

export interface Gaps {
  /** What stands before the row with this number, commas included. */
  before(row: number): string;
  /** What stands behind the last row. */
  readonly after: string;
}

/** Text is turned into bytes in pieces of about this size, so that a long answer never stands in one string. */
const pieceLength = 256 * 1024;

/** Reads the instances, predicts them and answers with the predictions. */
export function predictRows(model: Model, rows: RowRequest, request: HttpRequest, answer: Answer): void {
  const { instances, pointer, dialect } = rows;
  if (Array.isArray(instances)) model.checkRows(instances.length);
  model.contract.readInstances(instances, pointer, (outcome) => {
    if (outcome instanceof Problem) return answer(rows.relocate?.(outcome) ?? outcome, dialect);
    const reply = createRowReply(rows, outcome);
    try {
      model.submit({
        rows: outcome,
        accept: reply.add,
        end: (failure) => answer(failure === undefined ? outcomeOf(reply.finish) : toError(failure), dialect),
        isGone: request.isGone,
        event: request.event,
      });
    } catch (refusal) {
      answer(toError(refusal), dialect);
    }
  });
}

function createRowReply({ answerKey, write, gaps, limit, members }: RowRequest, inputs: Tensors) {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let row = 0;
  let text = `{"${answerKey}":[`;

  function add(outputs: Parameters<PredictionWriter>[0], from: number, to: number): void {
    for (let at = from; at < to; at++, row++) {
      if (row > 0) text += ',';
      if (gaps !== undefined) text += gaps.before(row);
      text += write(outputs, at);
    }
    if (text.length >= pieceLength) cut();
  }

  function cut(): void {
    const piece = Buffer.from(text);
    pieces.push(piece);
    bytes += piece.length;
    text = '';
    if (limit !== undefined) checkReplyLength(bytes, limit);
  }

  function finish(): HttpReply {
    text += gaps === undefined ? ']' : `${gaps.after}]`;
    text += members === undefined ? '}' : `,${members(inputs)}}`;
    if (pieces.length === 0) return { status: 200, headers: jsonHeaders, body: text };
    cut();
    return { status: 200, headers: jsonHeaders, body: pieces };
  }

  return { add, finish };
}

/** Throws the problem `reply-too-large`. */
export function checkReplyLength(bytes: number, { maxBytes, remedy }: ReplyLimit): void {
  if (bytes > maxBytes)
    throw new Problem('reply-too-large', `The answer would have more than ${maxBytes} bytes: ${remedy}.`);
}
