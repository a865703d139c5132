/** The JSON forms of a table: a split data frame, its records, or `instances` and `inputs` as rows or columns. */
import type { HttpReply, HttpRequest } from '../../http/message';
import { invalidInput } from '../../model/instances/contract';
import { escapePointer } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import { inTurns, type Work } from '../../turns';
import { instancesOf, pointAtColumns } from '../shared/columns';
import type { Coverage } from '../shared/coverage';
import { type Envelope, isMembers, type Members } from '../shared/envelope';
import { expected, invalid } from '../shared/faults';
import type { AnswerTable } from '../shared/tables/answer-table';

// Loaded for requests with parameters.
const loadCoverage = () => require('../shared/coverage') as typeof import('../shared/coverage');
const loadMisspelled = () => require('../shared/misspelled') as typeof import('../shared/misspelled');

const name = 'invocations';
const rowsPerStep = 512;

/** Tables under keys that no other protocol has. */
export function frameForms(answer: AnswerTable): readonly Envelope[] {
  const key = 'dataframe_records';
  return [
    { key: 'dataframe_split', name, answer: (model, members, request) => answerSplit(answer, model, members, request) },
    {
      key,
      name,
      answer: (model, members, request) =>
        answer(model, { instances: members[key], pointer: `/${key}`, coverage: coverageIn(model, members) }, request),
    },
  ];
}

/** Tables under `instances` or `inputs`: rows, or an object of columns. */
export function listForms(answer: AnswerTable): readonly Envelope[] {
  return ['instances', 'inputs'].map((key) => rowsOrColumns(key, answer));
}

function rowsOrColumns(key: string, answer: AnswerTable): Envelope {
  return {
    key,
    name,
    async answer(model, members, request) {
      const { [key]: table } = members;
      const pointer = `/${key}`;
      const coverage = coverageIn(model, members);
      if (!isMembers(table)) return answer(model, { instances: table, pointer, coverage }, request);
      const instances = await inTurns(
        instancesOf({ card: model.callersCard, checkRows: model.checkRows }, table, pointer),
        request.isGone,
      );
      return answer(model, { instances, pointer, coverage }, request).catch((failure) => {
        throw pointAtColumns(failure, pointer);
      });
    },
  };
}

async function answerSplit(
  answer: AnswerTable,
  model: Model,
  members: Members,
  request: HttpRequest,
): Promise<HttpReply> {
  const { dataframe_split: frame } = members;
  const pointer = '/dataframe_split';
  if (!isMembers(frame)) throw expected(pointer, 'an object with "columns" and "data"', frame);
  const { columns, data } = frame;
  const place = `${pointer}/data`;
  if (!Array.isArray(data)) throw expected(place, 'an array of rows', data);
  const coverage = coverageIn(model, members);
  if (columns === undefined || columns === null)
    return answer(model, { instances: data, pointer: place, coverage }, request);
  const names = readNames(model, columns, `${pointer}/columns`);
  model.checkRows(data.length);
  const instances = await inTurns(nameRows(data, names, place), request.isGone);
  return answer(model, { instances, pointer: place, coverage }, request).catch((failure) => {
    throw pointAtPositions(failure, names, place);
  });
}

/** The parameters of inference, as MLflow calls them: others than the coverage have no effect. */
function coverageIn(model: Model, members: Members): Coverage | undefined {
  const { params, parameters, coverage: misplaced } = members;
  if (misplaced !== undefined || parameters !== undefined) loadMisspelled().refuseMisplaced(members, 'params');
  if (!isMembers(params)) return undefined;
  loadMisspelled().refuseMisspelled(params, ['coverage'], '/params');
  return loadCoverage().findCoverage(model, params, '/params');
}

function readNames({ callersCard: { features } }: Model, columns: unknown, pointer: string): readonly string[] {
  if (!Array.isArray(columns)) throw expected(pointer, 'an array of feature names', columns);
  const known = new Set(features.map((feature) => feature.name));
  const wrong = columns.findIndex((column, i) => !known.has(column) || columns.indexOf(column) !== i);
  if (wrong === -1) return columns;
  throw expected(`${pointer}/${wrong}`, 'the name of a feature, each once', columns[wrong]);
}

function* nameRows(data: readonly unknown[], names: readonly string[], pointer: string): Work<readonly object[]> {
  const rows: object[] = [];
  for (const [at, row] of data.entries()) {
    if (at % rowsPerStep === rowsPerStep - 1) yield;
    if (!Array.isArray(row)) throw expected(`${pointer}/${at}`, 'an array of values', row);
    if (row.length !== names.length)
      throw invalid(`${pointer}/${at}`, `expected ${names.length} values, one for each column, got ${row.length}`);
    rows.push(Object.fromEntries(names.map((column, i) => [column, row[i]])));
  }
  return rows;
}

/** Points faults of named values at their positions in the row. */
function pointAtPositions(failure: unknown, names: readonly string[], pointer: string): unknown {
  if (!(failure instanceof Problem && failure.errors !== undefined)) return failure;
  const tokens = names.map(escapePointer);
  return invalidInput(
    failure.errors.map(({ pointer: at, detail }) => {
      const [row, column, ...rest] = at.slice(pointer.length + 1).split('/');
      if (column === undefined) return { pointer: at, detail };
      return { pointer: [pointer, row, tokens.indexOf(column), ...rest].join('/'), detail };
    }),
  );
}
