/** `POST /invocations`, the way to MLflow's, Databricks' and SageMaker's models; Azure's takes the same under a path of its choice. */
import type { Dialect } from '../../http/dialect';
import { type Handler, type HttpReply, jsonReply, marksOf } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import { chosen, type Deployment, type Protocol } from '../shared/protocol';
import { type AnswerTable, answerJson } from '../shared/tables/answer-table';
import { tableHandler } from '../shared/tables/table-handler';
import { isTable } from '../shared/tables/table-types';
import { frameForms, listForms } from './json-forms';
import { describeInvocations } from './openapi';

// Loaded for bodies of other types than JSON.
const loadTables = () => require('../shared/tables/table-bodies') as typeof import('../shared/tables/table-bodies');

const path = '/invocations';
/** Same as in package.json (a test compares them), without reading the file. */
const packageVersion = '1.0.0';
const version: HttpReply = { status: 200, headers: ['content-type', 'text/plain'], body: packageVersion };

/** As MLflow's server writes errors; it answers 400 for every bad request. */
const dialect: Dialect = {
  spell: (document) => ({
    ...document,
    status: document.status === 422 ? 400 : document.status,
    error_code: document.status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST',
    message: document.detail,
  }),
  hasPlainJsonClients: true,
};

export const invocations: Protocol = {
  name: 'invocations',
  failures: { prefix: path, dialect },
  envelopes: frameForms(answerJson),
  routes: routesOf,
  describe: describeInvocations,
};

function routesOf({ serving, take }: Deployment): [string, Route][] {
  const isReady = async () => {
    await serving.champion.load();
    return jsonReply({ status: 'ready' });
  };
  return [
    [path, { POST: chosen(serving, (model) => answerForm(model, take(model, forms))) }],
    ['/ping', { GET: isReady }],
    ['/health', { GET: isReady }],
    ['/version', { GET: () => version }],
  ];
}

/** Only requests that mention a table load what reads and writes it. */
const answerAccepted: AnswerTable = (model, table, request) =>
  (isTable(request.headers.accept) ? loadTables().answerTable : answerJson)(model, table, request);

const forms = [...frameForms(answerAccepted), ...listForms(answerAccepted)];

function answerForm(model: Model, answerMembers: Handler): Handler {
  const answer = tableHandler(model, 'invocations', answerMembers);
  const handler: Handler = (request) => {
    // Another path may lead here, too.
    request.dialect = dialect;
    return answer(request);
  };
  return Object.assign(handler, marksOf(answer));
}
