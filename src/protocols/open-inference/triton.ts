/** Triton's additions that its clients ask for: model configuration and inference statistics. */
import { parseJsonBody } from '../../http/json-body';
import { type HttpReply, type HttpRequest, jsonReply } from '../../http/message';
import { settingsLimits } from '../../json/limits';
import type { Card } from '../../model/card/card';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { rowSizes, type TensorSpec } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Duration } from '../../telemetry/metrics/inference-times';
import type { Readings } from '../../telemetry/metrics/version-metrics';
import { inTurns } from '../../turns';
import { isMembers } from '../shared/envelope';

/** Triton's model configuration, as far as it applies here. With batching, dims exclude the batch dimension. */
export function describeConfig({ card: { name, inputs, outputs, runs }, limits }: Pick<Model, 'card' | 'limits'>) {
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    // 0 tells clients that the dims include the batch dimension, if there is one.
    max_batch_size: runs === 'single' ? 0 : limits.maxRequestRows,
    input: inputs.map(describeTensor),
    output: outputs.map(describeTensor),
  };
}

function describeTensor(spec: TensorSpec) {
  const { name, datatype } = spec;
  return { name, data_type: datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`, dims: rowSizes(spec) };
}

/** Statistics of a version since this instance started, across all protocols, in nanoseconds. */
export function describeStatistics({ name, version }: Card, { runRows, inferences }: Readings) {
  const { success, fail, queue, input, infer, output } = inferences;
  return {
    name,
    version,
    inference_count: runRows.sum(),
    execution_count: runRows.count(),
    inference_stats: {
      success: toNanoseconds(success),
      fail: toNanoseconds(fail),
      queue: toNanoseconds(queue),
      compute_input: toNanoseconds(input),
      compute_infer: toNanoseconds(infer),
      compute_output: toNanoseconds(output),
    },
    batch_stats: [],
  };
}

function toNanoseconds({ count, ms }: Duration) {
  return { count, ns: Math.round(ms * 1e6) };
}

/** Triton's list of models; `ready` leaves out those that are not loaded. An empty body asks for all. */
export async function listRepository(models: readonly Model[], request: HttpRequest): Promise<HttpReply> {
  const { body, isGone } = request;
  const asked = body.length === 0 ? {} : await inTurns(parseJsonBody(request, settingsLimits), isGone);
  if (!isMembers(asked)) throw new Problem('unknown-envelope', `Expected a JSON object, got ${describeValue(asked)}.`);
  const { ready = false } = asked;
  if (typeof ready !== 'boolean')
    throw new Problem('unknown-envelope', `Expected "ready" to be true or false, got ${describeValue(ready)}.`);
  return jsonReply(describeStates(models, ready));
}

export function describeStates(models: readonly Model[], isReadyOnly: boolean) {
  const listed = models.filter((model) => !isReadyOnly || model.isLoaded());
  return listed.map(({ card: { name, version }, isLoaded }) => ({
    name,
    version,
    state: isLoaded() ? 'READY' : 'UNAVAILABLE',
    ...(isLoaded() ? {} : { reason: 'loads on the first request' }),
  }));
}
