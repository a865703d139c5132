/** Tables in and out: CSV, JSON with a row on each line, Arrow. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import { parseJson } from '../../../json/parse';
import type { Model } from '../../../model/model';
import type { PredictionWriter } from '../../../model/predictions/prediction';
import { admit } from '../../../serving/data-plane';
import { inTurns, type Work } from '../../../turns';
import { isMembers } from '../envelope';
import { answerLines } from '../predicted-lines';
import { type AnswerTable, answerJson } from './answer-table';
import { parseCsv } from './csv';
import { isArrow, isCsv, isLines } from './table-types';

// Loaded for Arrow alone.
const loadArrow = () => require('./read-arrow') as typeof import('./read-arrow');
// Loaded for Arrow alone.
const loadArrowAnswer = () => require('./answer-arrow') as typeof import('./answer-arrow');

const newline = 0x0a;
const comma = 0x2c;
const linesPerStep = 512;

/** Answers a body that is a table. */
export async function answerBody(model: Model, request: HttpRequest, protocol: string): Promise<HttpReply> {
  request.event.protocol = protocol;
  admit(model, request, request.body.length);
  return answerTable(model, await inTurns(readBody(model, request), request.isGone), '', request);
}

function readBody(model: Model, { headers, body }: HttpRequest): Work<unknown> {
  const { 'content-type': type = '' } = headers;
  if (isArrow.test(type)) return loadArrow().readArrow(model, body);
  return isCsv.test(type) ? parseCsv(model, body, type) : parseLines(model, body);
}

/** Answers in the type that the caller accepts; rows on lines are answered on lines. */
export const answerTable: AnswerTable = (model, rows, pointer, request) => {
  const { accept = '', 'content-type': type = '' } = request.headers;
  const instances = { instances: rows, pointer };
  if (isArrow.test(accept) || (isArrow.test(type) && !accept.includes('application/json') && !isText(accept)))
    return loadArrowAnswer().answerArrow(model, instances, request);
  if (isCsv.test(accept)) return answerLines(model, instances, csvForm(model, accept), request);
  if (isLines.test(accept) || (isLines.test(type) && !accept.includes('application/json')))
    return answerLines(model, instances, { contentType: lines, header: '', write: model.write.prediction }, request);
  return answerJson(model, rows, pointer, request);
};

const isText = (accept: string) => isCsv.test(accept) || isLines.test(accept);

const lines = 'application/jsonlines';

/** The values of a prediction, without a header unless the caller asks for one: SageMaker joins lines with those it sent. */
function csvForm({ write, readSamples }: Model, accept: string) {
  const cells: PredictionWriter = (outputs, row) =>
    cellsOf('', JSON.parse(write.prediction(outputs, row)))
      .map(([, value]) => quoteCell(value === null ? '' : String(value)))
      .join(',');
  const names = () => cellsOf('', readSamples()[0]?.prediction).map(([name]) => quoteCell(name));
  const hasHeader = /;\s*header\s*=\s*"?present/i.test(accept);
  return { contentType: 'text/csv', header: hasHeader ? `${names().join(',')}\n` : '', write: cells };
}

/** As one JSON array, within the limits of JSON: no value of a line may hold a line break. */
function* parseLines(model: Model, body: Buffer): Work<unknown> {
  const array = Buffer.allocUnsafe(body.length + 2);
  array[0] = 0x5b;
  body.copy(array, 1);
  let end = array.length - 1;
  // Line breaks at the end are no rows.
  while (end > 1 && (array[end - 1] as number) <= 0x20) end--;
  let rows = 1;
  for (let at = array.indexOf(newline, 1); at !== -1 && at < end; at = array.indexOf(newline, at + 1)) {
    array[at] = comma;
    if (rows++ % linesPerStep === 0) yield;
  }
  array[end] = 0x5d;
  model.checkRows(rows);
  const values = (yield* parseJson(array.subarray(0, end + 1), model.bodyLimits())) as readonly unknown[];
  return values.map(rowOfLine);
}

/** SageMaker's own algorithms take a row as `{"features": […]}`. */
function rowOfLine(value: unknown): unknown {
  if (!isMembers(value)) return value;
  const { features, ...others } = value;
  return Array.isArray(features) && Object.keys(others).length === 0 ? features : value;
}

/** The values of a prediction in order, each named by its path. */
function cellsOf(name: string, value: unknown): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, member]) => cellsOf(name === '' ? key : `${name}.${key}`, member));
}

function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
