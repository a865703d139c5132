/** Answers the rows of a table. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import type { Instances } from '../../../serving/caller';
import type { Coverage } from '../coverage';
import { answerRows } from '../predicted-rows';

/** Rows, and the coverage of their sets if they are to have any. */
export interface Table extends Instances {
  readonly coverage?: Coverage | undefined;
}

export type AnswerTable = (model: Model, table: Table, request: HttpRequest) => Promise<HttpReply>;

export const answerJson: AnswerTable = (model, table, request) =>
  answerRows(model, table, { key: 'predictions', write: model.write.prediction, coverage: table.coverage }, request);
