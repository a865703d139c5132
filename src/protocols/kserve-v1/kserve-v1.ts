/** KServe V1, shared with TensorFlow Serving and Vertex AI: predictions, explanations and model status. */
import { type Handler, type HttpReply, jsonReply } from '../../http/message';
import { modelPath, versionPath } from '../../http/model-path';
import type { Route } from '../../http/router';
import { NumberRows } from '../../json/number-rows';
import type { Model } from '../../model/model';
import { type Envelope, isMembers, type Members } from '../shared/envelope';
import { answerExplain } from '../shared/explained-rows';
import { expected } from '../shared/faults';
import { answerRows } from '../shared/predicted-rows';
import { chosen, type Deployment, type Protocol } from '../shared/protocol';
import { describeKserveV1 } from './openapi';

const onlySignature = 'serving_default';
// Loaded for bodies of columns: most callers send rows.
const loadColumns = () => require('./columns') as typeof import('./columns');
// Loaded for requests with parameters: most have none.
const loadParameters = () => require('./parameters') as typeof import('./parameters');
// Loaded for members that look like parameters.
const loadMisspelled = () => require('../shared/misspelled') as typeof import('../shared/misspelled');
const name = 'kserve-v1';
const prefix = '/v1';

const predictions = predictionsOf('instances');
/** KServe's other key for the list of instances. */
const inputs = predictionsOf('inputs');
const explanations: Envelope = {
  key: 'instances',
  name,
  answer(model, members, request) {
    checkSignatureName(members);
    if (members.parameters !== undefined) loadParameters().checkExplaining(members.parameters);
    return answerExplain(model, members, request);
  },
};

export const kserveV1: Protocol = {
  name,
  // KServe and TensorFlow Serving clients raise the text under `error`.
  failures: {
    prefix,
    dialect: { spell: (document) => ({ ...document, error: document.detail }), hasPlainJsonClients: true },
  },
  envelopes: [predictions, inputs],
  predictPath: (model) => `${modelPath(prefix, model)}:predict`,
  routes: routesOf,
  describe: describeKserveV1,
};

function routesOf({ serving, take }: Deployment): [string, Route][] {
  const { champion, models } = serving;
  const path = modelPath(prefix, champion.card.name);
  const list = jsonReply({ models: [champion.card.name] });
  const predict = (model: Model) => take(model, [predictions, inputs]);
  const ofModel = (model: Model, below: string, handler: Handler): [string, Route][] => [
    [below, { GET: () => answerStatus(model) }],
    [`${below}:predict`, { POST: handler }],
    [`${below}/metadata`, { GET: () => jsonReply(loadColumns().describeSignature(model.card)) }],
    [`${below}:explain`, { POST: take(model, [explanations]) }],
  ];
  return [
    ['/v1/models', { GET: () => list }],
    ...ofModel(champion, path, chosen(serving, predict)),
    ...models.flatMap((model) => ofModel(model, versionPath(path, model.card.version), predict(model))),
  ];
}

function predictionsOf(key: string): Envelope {
  return {
    key,
    name,
    takesNumberRows: true,
    answer(model, members, request) {
      checkSignatureName(members);
      const { [key]: instances, parameters, coverage: misplaced, params } = members;
      if (misplaced !== undefined || params !== undefined) loadMisspelled().refuseMisplaced(members, 'parameters');
      if (key === 'inputs' && isMembers(instances) && !(instances instanceof NumberRows)) {
        const coverage = parameters === undefined ? undefined : loadParameters().findCoverage(model, parameters);
        return loadColumns().answerColumns(model, instances, coverage, request);
      }
      const plain = { key: 'predictions', write: model.write.prediction };
      if (parameters === undefined) return answerRows(model, { instances, pointer: `/${key}` }, plain, request);
      const { withParameters, wantsToExplore } = loadParameters();
      request.event.explores = wantsToExplore(parameters);
      const form = withParameters(model, plain, parameters);
      return answerRows(model, { instances, pointer: `/${key}` }, form, request);
    },
  };
}

function checkSignatureName({ signature_name: signature }: Members): void {
  if (signature === undefined || signature === null || signature === onlySignature) return;
  throw expected('/signature_name', `${JSON.stringify(onlySignature)}, the only signature`, signature);
}

/** A body that both KServe (`name`, `ready`) and TensorFlow Serving (`model_version_status`) clients can read. */
async function answerStatus({ card, load }: Model): Promise<HttpReply> {
  const loaded = { error_code: 'OK', error_message: '' };
  const status = { version: card.version, state: 'AVAILABLE', status: loaded };
  await load();
  return jsonReply({ name: card.name, ready: true, model_version_status: [status] });
}
