/** The forms of an answer to a table, and the one that a caller accepts. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import type { PredictionWriter } from '../../../model/predictions/prediction';
import type { Instances } from '../../../serving/caller';
import { answerLines } from '../predicted-lines';
import { answerJson } from './answer-table';
import { isArrow, isCsv, isLines } from './table-types';

// Loaded for Arrow alone.
const loadArrowAnswer = () => require('./answer-arrow') as typeof import('./answer-arrow');

export interface AnswerForm {
  readonly kind: 'arrow' | 'csv' | 'lines' | 'json';
  /** Whether names stand before the values of CSV: SageMaker joins lines with those that it sent. */
  readonly hasHeader: boolean;
}

/** Rows on lines are answered on lines, and Arrow with Arrow, unless the caller accepts something else. */
export function answerFormOf({ headers }: Pick<HttpRequest, 'headers'>): AnswerForm {
  const { accept = '', 'content-type': type = '' } = headers;
  const hasHeader = /;\s*header\s*=\s*"?present/i.test(accept);
  const acceptsText = isCsv.test(accept) || isLines.test(accept);
  const acceptsJson = accept.includes('application/json');
  if (isArrow.test(accept) || (isArrow.test(type) && !acceptsJson && !acceptsText)) return { kind: 'arrow', hasHeader };
  if (isCsv.test(accept)) return { kind: 'csv', hasHeader };
  if (isLines.test(accept) || (isLines.test(type) && !acceptsJson)) return { kind: 'lines', hasHeader };
  return { kind: 'json', hasHeader };
}

export function answerAs(
  { kind, hasHeader }: AnswerForm,
  model: Model,
  instances: Instances,
  request: HttpRequest,
): Promise<HttpReply> {
  switch (kind) {
    case 'arrow':
      return loadArrowAnswer().answerArrow(model, instances, request);
    case 'csv':
      return answerLines(model, instances, csvForm(model, hasHeader), request);
    case 'lines':
      return answerLines(model, instances, { contentType: lines, header: '', write: model.write.prediction }, request);
    case 'json':
      return answerJson(model, instances.instances, instances.pointer, request);
  }
}

const lines = 'application/jsonlines';

/** The values of a prediction. */
function csvForm({ write, readSamples }: Model, hasHeader: boolean) {
  const cells: PredictionWriter = (outputs, row) =>
    cellsOf('', JSON.parse(write.prediction(outputs, row)))
      .map(([, value]) => quoteCell(value === null ? '' : String(value)))
      .join(',');
  const names = () => cellsOf('', readSamples()[0]?.prediction).map(([name]) => quoteCell(name));
  return { contentType: 'text/csv', header: hasHeader ? `${names().join(',')}\n` : '', write: cells };
}

/** The values of a prediction in order, each named by its path. */
function cellsOf(name: string, value: unknown): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, member]) => cellsOf(name === '' ? key : `${name}.${key}`, member));
}

function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
