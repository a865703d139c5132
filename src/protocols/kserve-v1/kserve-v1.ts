/** KServe V1, which TensorFlow Serving and Vertex AI share: instances to predictions, and the status of the model. */
import { type HttpReply, jsonReply } from '../../http/message';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import type { Dialect } from '../../problem';
import type { Envelope, EnvelopeProtocol } from '../shared/envelope';
import { predictRows, type RowRequest } from '../shared/predicted-rows';

const onlySignature = 'serving_default';

/** Clients of KServe and of TensorFlow Serving raise the text that they find under `error`. */
export const kserveV1Dialect: Dialect = (document) => ({ ...document, error: document.detail });

export const kserveV1 = createProtocol('instances');
/** KServe's other name for the list of instances. */
export const kserveV1Inputs = createProtocol('inputs');

function createProtocol(key: string): EnvelopeProtocol {
  return {
    key,
    name: 'kserve-v1',
    answer(model, envelope, request) {
      checkSignatureName(envelope);
      const { [key]: instances } = envelope;
      if (key === 'inputs' && !Array.isArray(instances)) throw noColumns(instances);
      const rows = { instances, pointer: `/${key}`, answerKey: 'predictions', write: model.write.prediction };
      const { parameters } = envelope;
      return predictRows(model, parameters === undefined ? rows : { ...rows, ...flags(model, parameters) }, request);
    },
  };
}

/** Instances to explanations. */
export const kserveV1Explain: EnvelopeProtocol = {
  key: 'instances',
  name: 'kserve-v1',
  answer(model, envelope, request) {
    checkSignatureName(envelope);
    // A first prediction does not wait for what explains it.
    const { explainInstances } = require('./explain') as typeof import('./explain');
    return explainInstances(model, envelope, request);
  },
};

// Few requests ask for flags.
function flags({ card }: Model, parameters: unknown): Pick<RowRequest, 'members'> {
  const { wantsFlags, writeFlags } = require('./flags') as typeof import('./flags');
  return wantsFlags(parameters) ? { members: (inputs) => writeFlags(card, inputs) } : {};
}

// TensorFlow Serving also knows `inputs` as columns, which the infer request of /v2 carries better.
function noColumns(inputs: unknown): Error {
  const detail = `expected an array of instances, and not the columns of TensorFlow Serving, got ${describeValue(inputs)}`;
  return invalidInput([{ pointer: '/inputs', detail }]);
}

function checkSignatureName({ signature_name: name }: Envelope): void {
  if (name === undefined || name === null || name === onlySignature) return;
  const detail = `expected ${JSON.stringify(onlySignature)}, the one there is, got ${describeValue(name)}`;
  throw invalidInput([{ pointer: '/signature_name', detail }]);
}

/** Answers with a body that clients of KServe (`name`, `ready`) and of TensorFlow Serving (`model_version_status`) both read. */
export async function answerModelStatus({ card, load }: Model): Promise<HttpReply> {
  const loaded = { error_code: 'OK', error_message: '' };
  const status = { version: card.version, state: 'AVAILABLE', status: loaded };
  await load();
  return jsonReply({ name: card.name, ready: true, model_version_status: [status] });
}
