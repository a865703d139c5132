/** Tables in and out: CSV, JSON with a row on each line, Arrow. */
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import { admit } from '../../../serving/data-plane';
import { inTurns, type Work } from '../../../turns';
import { answerAs, answerFormOf } from './answer-form';
import type { AnswerTable } from './answer-table';
import { createCsvReader } from './csv';
import { parseLines } from './json-lines';
import { isArrow, isCsv } from './table-types';

// Loaded for Arrow alone.
const loadArrow = () => require('./read-arrow') as typeof import('./read-arrow');
// Loaded for tables that are too long to be read whole.
const loadFlow = () => require('./flowing-table') as typeof import('./flowing-table');

/** Answers a body that is a table: whole, or in parts while it arrives. */
export async function answerBody(model: Model, request: HttpRequest, protocol: string): Promise<HttpReply> {
  const { event, body, arriving } = request;
  event.protocol = protocol;
  admit(model, request, body.length);
  if (arriving !== undefined) return loadFlow().answerFlow(model, request, arriving);
  const form = answerFormOf(model, request);
  const instances = await inTurns(readBody(model, request), request.isGone);
  return answerAs(form, model, { instances, pointer: '' }, request);
}

function readBody(model: Model, { headers, body }: HttpRequest): Work<unknown> {
  const { 'content-type': type = '' } = headers;
  if (isArrow.test(type)) return loadArrow().readArrow(model, body);
  return isCsv.test(type) ? createCsvReader(model, type).read(body) : parseLines(model, body);
}

/** Answers in the type that the caller accepts; rows on lines are answered on lines. */
export const answerTable: AnswerTable = (model, { coverage, ...instances }, request) => {
  const form = answerFormOf(model, request);
  return answerAs({ ...form, coverage: coverage ?? form.coverage }, model, instances, request);
};
