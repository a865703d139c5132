/** Answers the rows of a table. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import { answerRows } from '../predicted-rows';

/** Answers rows that lie at `pointer`. */
export type AnswerTable = (model: Model, rows: unknown, pointer: string, request: HttpRequest) => Promise<HttpReply>;

export const answerJson: AnswerTable = (model, rows, pointer, request) =>
  answerRows(model, { instances: rows, pointer }, { key: 'predictions', write: model.write.prediction }, request);
