/** KServe V1, which TensorFlow Serving and Vertex AI share: instances to predictions, and the status of the model. */
import { type Answer, jsonReply } from '../http/message';
import type { Model } from '../model/model';
import type { EnvelopeProtocol } from './envelope';
import { predictRows } from './rows';

const form = { key: 'instances', answerKey: 'predictions' };

export const kserveV1: EnvelopeProtocol = {
  key: form.key,
  name: 'kserve-v1',
  predict: (model, envelope, request, answer) => predictRows(model, form, envelope, request, answer),
};

/** Answers with a body that clients of KServe (`name`, `ready`) and of TensorFlow Serving (`model_version_status`) both read. */
export function answerModelStatus({ card, load }: Model, answer: Answer): void {
  const loaded = { error_code: 'OK', error_message: '' };
  const status = { version: card.version, state: 'AVAILABLE', status: loaded };
  load().then(() => answer(jsonReply({ name: card.name, ready: true, model_version_status: [status] })), answer);
}
