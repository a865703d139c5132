/** Open Inference Protocol v2: what serves here, what the model takes and gives, and whether both are well. */
import { type Answer, jsonReply } from '../../http/message';
import type { Card } from '../../model/card';
import type { Model } from '../../model/model';
import type { TensorSpec } from '../../model/tensors';
import type { Dialect } from '../../problem';

/** As in package.json, which is not read for it: a test compares the two. */
const packageVersion = '1.0.0';
const extensions = ['binary_tensor_data', 'classification', 'model_configuration', 'statistics', 'logging', 'trace'];

/** Clients raise the text that they find under `error`, and know 400 as the one status of a bad request. */
export const openInferenceDialect: Dialect = (document) => ({
  ...document,
  status: document.status === 422 ? 400 : document.status,
  error: document.detail,
});

export function describeServer() {
  return { name: 'onnx-predict-function', version: packageVersion, extensions };
}

export function describeModel({ name, inputs, outputs }: Card, versions: readonly string[]) {
  return {
    name,
    versions,
    platform: 'onnx_onnxv1',
    inputs: inputs.map(describeTensor),
    outputs: outputs.map(describeTensor),
  };
}

function describeTensor({ name, datatype, shape }: TensorSpec) {
  return { name, datatype, shape };
}

/** The process answers, so it lives. */
export function answerLive(answer: Answer): void {
  answer(jsonReply({ live: true }));
}

/** Ready means that the session is open and has repeated the golden samples; asking opens it. */
export function answerReady(model: Model, answer: Answer): void {
  model.load().then(() => answer(jsonReply({ ready: true })), answer);
}

export function answerModelReady(model: Model, answer: Answer): void {
  const { name } = model.card;
  model.load().then(() => answer(jsonReply({ name, ready: true })), answer);
}
