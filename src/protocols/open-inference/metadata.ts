/** Open Inference Protocol v2: what serves here, what the model takes and gives, and whether both are well. */
import { type HttpReply, jsonReply } from '../../http/message';
import type { Card } from '../../model/card/card';
import type { Model } from '../../model/model';
import type { TensorSpec } from '../../model/tensors/tensors';

/** As in package.json, which is not read for it: a test compares the two. */
const packageVersion = '1.0.0';
const extensions = ['binary_tensor_data', 'classification', 'model_configuration', 'statistics', 'logging', 'trace'];

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
export function answerLive(): HttpReply {
  return jsonReply({ live: true });
}

/** Ready means that the session is open and has repeated the golden samples; asking opens it. */
export async function answerReady(model: Model): Promise<HttpReply> {
  await model.load();
  return jsonReply({ ready: true });
}

export async function answerModelReady({ card, load }: Model): Promise<HttpReply> {
  await load();
  return jsonReply({ name: card.name, ready: true });
}
