/** The forms of an answer to a table, and the one that a caller accepts. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import type { Instances } from '../../../serving/caller';
import type { Coverage } from '../coverage';
import { answerLines, type LinesForm } from '../predicted-lines';
import { csvForm } from './answer-csv';
import { answerJson } from './answer-table';
import { isArrow, isCsv, isLines } from './table-types';

// Loaded for tables with a coverage.
const loadCoverage = () => require('../coverage') as typeof import('../coverage');
// Loaded for answers that are asked for with parameters.
const loadMisspelled = () => require('../misspelled') as typeof import('../misspelled');
// Loaded for Arrow alone.
const loadArrowAnswer = () => require('./answer-arrow') as typeof import('./answer-arrow');

export interface AnswerForm {
  readonly kind: 'arrow' | 'csv' | 'lines' | 'json';
  /** Whether names stand before the values of CSV: SageMaker joins lines with those that it sent. */
  readonly hasHeader: boolean;
  /** Of all parts of a table: the warning of its sets is that of the first. */
  readonly coverage: Coverage | undefined;
}

/** Rows on lines are answered on lines, and Arrow with Arrow, unless the caller accepts something else. */
export function answerFormOf(model: Model, { headers }: Pick<HttpRequest, 'headers'>): AnswerForm {
  const { accept = '', 'content-type': type = '' } = headers;
  const hasHeader = /;\s*header\s*=\s*"?present/i.test(accept);
  return { kind: kindOf(accept, type), hasHeader, coverage: coverageOf(model, accept) };
}

function kindOf(accept: string, type: string): AnswerForm['kind'] {
  const acceptsText = isCsv.test(accept) || isLines.test(accept);
  const acceptsJson = accept.includes('application/json');
  if (isArrow.test(accept) || (isArrow.test(type) && !acceptsJson && !acceptsText)) return 'arrow';
  if (isCsv.test(accept)) return 'csv';
  return isLines.test(accept) || (isLines.test(type) && !acceptsJson) ? 'lines' : 'json';
}

function coverageOf(model: Model, accept: string): Coverage | undefined {
  for (const [, name = ''] of accept.matchAll(/;\s*([^\s;,="]+)\s*=/g))
    if (name !== 'q') loadMisspelled().refuseAlmost(name, ['coverage', 'header'], '', 'Accept: ');
  const [, share] = /;\s*coverage\s*=\s*"?([^\s;,"]*)/i.exec(accept) ?? [];
  if (share === undefined) return undefined;
  const { readCoverage, toNumber } = loadCoverage();
  return readCoverage(model, toNumber(share), '', 'coverage in Accept: ');
}

export function answerAs(
  { kind, hasHeader, coverage }: AnswerForm,
  model: Model,
  instances: Instances,
  request: HttpRequest,
): Promise<HttpReply> {
  switch (kind) {
    case 'arrow':
      return loadArrowAnswer().answerArrow(model, instances, coverage, request);
    case 'csv':
      return answerLines(model, instances, csvForm(model, hasHeader, coverage?.set), request);
    case 'lines':
      return answerLines(model, instances, linesForm(model, coverage), request);
    case 'json':
      return answerJson(model, { ...instances, coverage }, request);
  }
}

function linesForm({ write: { prediction } }: Model, coverage: Coverage | undefined): LinesForm {
  const write = coverage === undefined ? prediction : coverage.addTo(prediction);
  return { contentType: 'application/jsonlines', header: '', write };
}
