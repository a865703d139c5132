/** BigQuery remote functions: calls to replies, one for one. */
import { type Answer, type HttpRequest, jsonReply } from '../http/message';
import { invalidInput } from '../model/contract';
import { describeValue, quote } from '../model/faults';
import type { Model } from '../model/model';
import type { PredictionWriter } from '../model/prediction';
import { type Dialect, type Problem, toError } from '../problem';
import { isJsonCall, readCalls } from './bigquery-calls';
import type { Envelope, EnvelopeProtocol } from './envelope';
import { type Gaps, predictRows } from './rows';

/** BigQuery takes 15 MB; some room is left for the head of the answer. */
const maxReplyBytes = 14_900_000;
/** BigQuery shows less than 1 KB of a message. A character has up to four bytes. */
const longestMessage = 250;

/** BigQuery shows `errorMessage` to who ran the query. It tries 408, 429, 500, 503 and 504 again, and nothing else. */
export const bigQueryDialect: Dialect = ({ type, title, status, detail }) => {
  const errorMessage = detail.length <= longestMessage ? detail : `${detail.slice(0, longestMessage - 1)}…`;
  return { type, title, status, detail: errorMessage, errorMessage };
};

export const bigQuery: EnvelopeProtocol = {
  key: 'calls',
  name: 'bigquery',
  predict(model, envelope, request, answer) {
    try {
      predictCalls(model, envelope, request, answer);
    } catch (failure) {
      answer(toError(failure), bigQueryDialect);
    }
  },
};

function predictCalls(model: Model, envelope: Envelope, request: HttpRequest, answer: Answer): void {
  const context = readContext(envelope);
  const write = readAnswerForm(context, model);
  const { calls } = envelope;
  const { instances, rowOf, count } = readCalls(calls, model.card, readNullRule(context));
  // NULL for every call: there is nothing to run.
  if (instances.length === 0) return answer(jsonReply({ replies: new Array(count).fill(null) }));

  const rows = {
    instances,
    pointer: '/calls',
    answerKey: 'replies',
    write,
    dialect: bigQueryDialect,
    maxReplyBytes,
    relocate: (problem: Problem) => relocate(problem, rowOf, calls as readonly unknown[]),
    ...(instances.length < count && { gaps: createGaps(rowOf, count) }),
  };
  predictRows(model, rows, request, answer);
}

/** NULL for the calls between those that run. */
function createGaps(rowOf: readonly number[], count: number): Gaps {
  return {
    before: (row) => 'null,'.repeat((rowOf[row] ?? count) - (rowOf[row - 1] ?? -1) - 1),
    after: ',null'.repeat(count - 1 - (rowOf.at(-1) ?? -1)),
  };
}

type Context = Readonly<Record<string, unknown>>;

function readContext({ userDefinedContext: context = {} }: Envelope): Context {
  if (typeof context === 'object' && context !== null && !Array.isArray(context)) return context as Context;
  throw invalidInput([
    { pointer: '/userDefinedContext', detail: `expected an object, came ${describeValue(context)}` },
  ]);
}

/** `answer` chooses what a reply is; without it, all of a prediction. */
function readAnswerForm({ answer = 'json' }: Context, { write }: Model): PredictionWriter {
  const { prediction: json, ...parts } = write;
  const forms = new Map<unknown, PredictionWriter>(Object.entries({ json, ...parts }));
  const form = forms.get(answer);
  if (form !== undefined) return form;
  const known = [...forms.keys()].map((name) => quote(String(name))).join(', ');
  throw invalidInput([
    { pointer: '/userDefinedContext/answer', detail: `expected one of ${known}, came ${describeValue(answer)}` },
  ]);
}

function readNullRule({ nulls = 'null' }: Context): 'null' | 'error' {
  if (nulls === 'null' || nulls === 'error') return nulls;
  throw invalidInput([
    { pointer: '/userDefinedContext/nulls', detail: `expected "null" or "error", came ${describeValue(nulls)}` },
  ]);
}

/** Faults name the row among the calls and, where a call is one JSON argument, the argument. */
function relocate(problem: Problem, rowOf: readonly number[], calls: readonly unknown[]): Problem {
  if (problem.errors === undefined) return problem;
  return invalidInput(
    problem.errors.map(({ pointer, detail }) => {
      const [, , row, ...rest] = pointer.split('/');
      const call = rowOf[Number(row)] as number;
      const argument = isJsonCall(calls[call]) ? ['0'] : [];
      return { pointer: ['', 'calls', call, ...argument, ...rest].join('/'), detail };
    }),
  );
}
