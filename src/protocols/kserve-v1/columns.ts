/** Columns: TensorFlow Serving's `inputs` as an object, its `outputs` and signature, and Hugging Face's tables. */
import type { HttpReply, HttpRequest } from '../../http/message';
import { jsonHeaders } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Card } from '../../model/card/card';
import { findLabelled } from '../../model/card/roles';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { rawWriter } from '../../model/predictions/tensor-member';
import type { Datatype } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';
import { predictTensors, readFeatures } from '../../serving/data-plane';
import { inTurns, type Work } from '../../turns';
import { instancesOf, pointAtColumns } from '../shared/columns';
import type { Coverage } from '../shared/coverage';
import { isMembers, type Members } from '../shared/envelope';
import { invalid } from '../shared/faults';
import { createReplyText } from '../shared/reply-text';

/** Answers columns with the outputs of the model by name, and a table under `data` with a list of labels or values. */
export async function answerColumns(
  model: Model,
  inputs: Members,
  coverage: Coverage | undefined,
  request: HttpRequest,
): Promise<HttpReply> {
  const { data } = inputs;
  const isTable = isMembers(data);
  if (isTable && coverage !== undefined)
    throw invalid(
      '/parameters/coverage',
      'expected none, because "data" gets a list alone: send rows under "instances"',
    );
  const pointer = isTable ? '/inputs/data' : '/inputs';
  const rows = await inTurns(instancesOf(model, isTable ? data : inputs, pointer), request.isGone);
  try {
    const tensors = await readFeatures(model, { instances: rows, pointer }, request);
    const outputs = await predictTensors(model, tensors, request);
    const work = isTable ? writeList(model, outputs) : writeOutputs(model, outputs, coverage);
    return { status: 200, headers: jsonHeaders, body: await inTurns(work, request.isGone) };
  } catch (failure) {
    throw pointAtColumns(failure, pointer);
  }
}

/** The list alone, as Hugging Face's clients read it. */
function* writeList({ card, write, limits }: Model, outputs: Outputs): Work<HttpReply['body']> {
  const text = createReplyText({ maxBytes: limits.maxReplyBytes });
  const { label, value, prediction } = write;
  text.add('[');
  yield* addRows(
    text,
    outputs,
    (findLabelled(card.outputs, 'one') === -1 ? undefined : label) ?? value ?? label ?? prediction,
  );
  text.add(']');
  return text.end();
}

/** A column for each output; TensorFlow Serving leaves the name out where there is only one. */
function* writeOutputs(
  { card, limits }: Model,
  outputs: Outputs,
  coverage: Coverage | undefined,
): Work<HttpReply['body']> {
  const text = createReplyText({ maxBytes: limits.maxReplyBytes });
  const columns: Column[] = card.outputs.map((spec, index) => ({ spec, index, rows: outputs }));
  if (coverage !== undefined)
    columns.push({ spec: coverage.set.spec, index: 0, rows: yield* coverage.toTensors(outputs) });
  const isAlone = columns.length === 1;
  text.add(`{"outputs":${isAlone ? '' : '{'}`);
  for (const [i, { spec, index, rows }] of columns.entries()) {
    text.add(`${i > 0 ? ',' : ''}${isAlone ? '' : `${JSON.stringify(spec.name)}:`}[`);
    yield* addRows(text, rows, rawWriter(spec, index));
    text.add(']');
  }
  if (!isAlone) text.add('}');
  text.add(coverage === undefined ? '}' : `,${coverage.member}}`);
  return text.end();
}

/** A tensor, at a place among those of the rows. */
interface Column {
  readonly spec: TensorSpec;
  readonly index: number;
  readonly rows: Outputs;
}

function* addRows(text: ReturnType<typeof createReplyText>, outputs: Outputs, write: PredictionWriter): Work<void> {
  let comma = '';
  for (const { tensors, from, to } of outputs) {
    for (let row = from; row < to; row++) {
      if (text.add(comma + write(tensors, row))) yield;
      comma = ',';
    }
  }
}

const types: Readonly<Record<Datatype, string>> = {
  BOOL: 'DT_BOOL',
  UINT8: 'DT_UINT8',
  UINT16: 'DT_UINT16',
  UINT32: 'DT_UINT32',
  UINT64: 'DT_UINT64',
  INT8: 'DT_INT8',
  INT16: 'DT_INT16',
  INT32: 'DT_INT32',
  INT64: 'DT_INT64',
  FP16: 'DT_HALF',
  FP32: 'DT_FLOAT',
  FP64: 'DT_DOUBLE',
  BYTES: 'DT_STRING',
};

/** The signature as TensorFlow Serving's metadata. */
export function describeSignature({ name, version, inputs, outputs }: Card): object {
  const signature = {
    inputs: describeTensors(inputs),
    outputs: describeTensors(outputs),
    method_name: 'tensorflow/serving/predict',
  };
  return {
    model_spec: { name, signature_name: '', version },
    metadata: { signature_def: { signature_def: { serving_default: signature } } },
  };
}

function describeTensors(specs: readonly TensorSpec[]): object {
  return Object.fromEntries(
    specs.map(({ name, datatype, shape }) => {
      const dim = shape.map((size) => ({ size: String(size), name: '' }));
      return [name, { name, dtype: types[datatype], tensor_shape: { dim, unknown_rank: false } }];
    }),
  );
}
