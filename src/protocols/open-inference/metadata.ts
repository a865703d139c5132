/** Open Inference Protocol v2: metadata and health of the server and the model. */
import { type HttpReply, jsonReply } from '../../http/message';
import type { Card } from '../../model/card/card';
import type { Model } from '../../model/model';
import type { TensorSpec } from '../../model/tensors/tensors';

/** Same as in package.json (a test compares them), without reading the file. */
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

/** A process that answers is live. */
export function answerLive(): HttpReply {
  return jsonReply({ live: true });
}

/** Ready means that the session is open and has reproduced the golden samples; asking opens it. */
export async function answerReady(model: Model): Promise<HttpReply> {
  await model.load();
  return jsonReply({ ready: true });
}

export async function answerModelReady({ card, load }: Model): Promise<HttpReply> {
  await load();
  return jsonReply({ name: card.name, ready: true });
}
