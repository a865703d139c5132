/** BigQuery remote functions: one reply per call, in order. */
import type { Dialect, SpelledProblem } from '../../http/dialect';
import { type HttpReply, type HttpRequest, jsonReply } from '../../http/message';
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { Problem, type ProblemDocument } from '../../problem';
import { inTurns } from '../../turns';
import type { Envelope, Members } from '../shared/envelope';
import { expected } from '../shared/faults';
import { answerRows, type Gaps } from '../shared/predicted-rows';
import { chosen, type Protocol } from '../shared/protocol';
import { readContext, readNullRule } from '../shared/remote-calls';
import { checkReplyLength, type ReplyLimit } from '../shared/reply-text';
import { type Calls, isJsonCall, readCalls } from './calls';
import { describeBigQuery } from './openapi';

// Loaded for functions with a context.
const loadMisspelled = () => require('../shared/misspelled') as typeof import('../shared/misspelled');
// Loaded for functions with a coverage.
const loadAnswerSets = () => require('./prediction-sets') as typeof import('./prediction-sets');

/** BigQuery accepts 15 MB; the margin covers the response headers. */
const replyLimit: ReplyLimit = {
  maxBytes: 14_900_000,
  remedy: 'set a lower max_batching_rows in the OPTIONS of the remote function',
};
/** BigQuery shows less than 1 KB of a message, which the document repeats; its other members take about 200 bytes. */
const maxMessageBytes = 380;

/** BigQuery shows `errorMessage` to the user who ran the query and retries only 408, 429, 500, 503 and 504. */
const dialect: Dialect = { spell, hasPlainJsonClients: false };

function spell({ type, title, status, detail }: ProblemDocument): SpelledProblem {
  const errorMessage = shorten(detail);
  return { type, title, status, detail: errorMessage, errorMessage };
}

function shorten(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    // Counted as JSON writes it, without the quotes.
    bytes += Buffer.byteLength(JSON.stringify(character)) - 2;
    if (bytes > maxMessageBytes) return `${kept}…`;
    kept += character;
  }
  return text;
}

const calls: Envelope = {
  key: 'calls',
  name: 'bigquery',
  dialect,
  async answer(model, members, request) {
    const context = readContext(members);
    if (Object.keys(context).length > 0)
      loadMisspelled().refuseMisspelled(context, ['answer', 'coverage', 'nulls'], '/userDefinedContext');
    const write = readAnswerForm(context, model);
    const { calls: sent } = members;
    if (Array.isArray(sent)) model.checkRows(sent.length);
    const batch = await inTurns(readCalls(sent, model.callersCard, readNullRule(context)), request.isGone);
    return answerCalls(model, { ...batch, calls: sent as readonly unknown[], write }, request);
  },
};

/** `/bigquery` because BigQuery rejects paths that contain a colon or end in z. */
export const bigQuery: Protocol = {
  name: 'bigquery',
  failures: { prefix: '/bigquery', dialect },
  envelopes: [calls],
  predictPath: () => '/bigquery',
  routes: ({ serving, take }) => [['/bigquery', { POST: chosen(serving, (model) => take(model, [calls])) }]],
  describe: describeBigQuery,
};

interface Batch extends Calls {
  /** As received. */
  readonly calls: readonly unknown[];
  readonly write: PredictionWriter;
}

async function answerCalls(model: Model, batch: Batch, request: HttpRequest): Promise<HttpReply> {
  const { calls: sent, instances, rowOf, count, write } = batch;
  const limit = { ...replyLimit, maxBytes: Math.min(replyLimit.maxBytes, model.limits.maxReplyBytes) };
  if (instances.length === 0) return nullReplies(count, limit);
  const form = { key: 'replies', write, limit, gaps: instances.length < count ? createGaps(rowOf, count) : undefined };
  try {
    return await answerRows(model, { instances, pointer: '/calls' }, form, request);
  } catch (failure) {
    throw failure instanceof Problem ? relocate(failure, rowOf, sent, model.callersCard) : failure;
  }
}

/** NULL for every call, without a model run. */
function nullReplies(count: number, limit: ReplyLimit): HttpReply {
  checkReplyLength(count * ',null'.length, limit);
  return jsonReply({ replies: new Array(count).fill(null) });
}

/** NULL for the calls between those that run. */
function createGaps(rowOf: readonly number[], count: number): Gaps {
  return {
    before: (row) => 'null,'.repeat((rowOf[row] ?? count) - (rowOf[row - 1] ?? -1) - 1),
    after: ',null'.repeat(count - 1 - (rowOf.at(-1) ?? -1)),
  };
}

/** `answer` selects what a reply contains; the default is the whole prediction. */
function readAnswerForm({ answer = 'json', coverage }: Members, model: Model): PredictionWriter {
  const { prediction: json, ...parts } = model.write;
  const sets = coverage === undefined || coverage === null ? {} : loadAnswerSets().writeSets(model, coverage);
  const forms = new Map<unknown, PredictionWriter>(Object.entries({ json, ...parts, ...sets }));
  const form = forms.get(answer);
  if (form !== undefined) return form;
  const known = [...forms.keys()].map((name) => quote(String(name))).join(', ');
  throw expected('/userDefinedContext/answer', `one of ${known}`, answer);
}

/** Faults point at the call and, if the call is one JSON argument, at that argument. */
function relocate(problem: Problem, rowOf: readonly number[], sent: readonly unknown[], card: Card): Problem {
  if (problem.errors === undefined) return problem;
  return invalidInput(
    problem.errors.map(({ pointer, detail }) => {
      const [, , row, ...rest] = pointer.split('/');
      const call = rowOf[Number(row)] as number;
      const argument = isJsonCall(sent[call], card) ? ['0'] : [];
      return { pointer: ['', 'calls', call, ...argument, ...rest].join('/'), detail };
    }),
  );
}
