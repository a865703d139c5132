/** What Triton adds to the protocol and its clients ask for: the configuration of the model, and statistics of its runs. */
import type { Card } from '../../model/card';
import type { TensorSpec } from '../../model/tensors';
import type { Histogram } from '../../telemetry/histogram';
import type { Readings } from '../../telemetry/metrics';

/** The parts of Triton's model configuration that this server has a word for. Dimensions are without the rows. */
export function describeConfig({ name, inputs, outputs }: Card) {
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: 0,
    input: inputs.map(describeTensor),
    output: outputs.map(describeTensor),
  };
}

function describeTensor({ name, datatype, shape }: TensorSpec) {
  return { name, data_type: datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`, dims: shape };
}

/** Statistics of a version since the start of this instance, of all protocols together. Durations are in nanoseconds. */
export function describeStatistics({ name, version }: Card, { latency, wait, runRows, runSeconds }: Readings) {
  const none = { count: 0, ns: 0 };
  return {
    name,
    version,
    inference_count: runRows.sum(),
    execution_count: runRows.count(),
    inference_stats: {
      success: duration(latency),
      fail: none,
      queue: duration(wait),
      compute_input: none,
      compute_infer: duration(runSeconds),
      compute_output: none,
    },
    batch_stats: [],
  };
}

function duration({ count, sum }: Histogram) {
  return { count: count(), ns: Math.round(sum() * 1e9) };
}
