/** The outputs of an inference response: those that are asked for, or all. */
import type { Card } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import { type Elements, isFree, type RowSpan, rowWidth, type TensorSpec } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { expected, invalid, oneOf } from '../shared/faults';
import { checkReplyLength } from '../shared/reply-text';
import type { InferenceRequest } from './request';

/** A requested output: its index among the model's outputs, and its encoding. */
export interface Answered {
  readonly spec: TensorSpec;
  readonly index: number;
  readonly isBinary: boolean;
  readonly classes: number | undefined;
  /** For an output that is made of others. */
  readonly derive?: (span: RowSpan) => Work<Elements>;
}

/** Selects the requested outputs. Throws `invalid-input` for unknown names, and `reply-too-large` before anything runs. */
export function chooseOutputs(
  card: Card,
  { outputs, isBinary }: InferenceRequest,
  rows: number,
  maxBytes: number,
): Answered[] {
  const answered = outputs === undefined ? allOutputs(card, isBinary) : outputs.map((output) => find(card, output));
  const least = answered.reduce((sum, output) => sum + rows * leastBytesOfRow(output), 0);
  checkReplyLength(least, { maxBytes });
  return answered;
}

/** At least a digit and a comma per number, and a length prefix or two quotes and a comma per string. */
function leastBytesOfRow({ spec, isBinary, classes }: Answered): number {
  const width = rowWidth(spec);
  if (classes !== undefined) return Math.min(classes, width) * '"0:0",'.length;
  const { bytes } = datatypes[spec.datatype];
  if (bytes === undefined) return width * '"",'.length;
  return width * (isBinary ? bytes : '0,'.length);
}

function allOutputs({ outputs }: Card, isBinary: boolean): Answered[] {
  return outputs.map((spec, index) => ({ spec, index, isBinary, classes: undefined }));
}

function find({ outputs }: Card, requested: NonNullable<InferenceRequest['outputs']>[number]): Answered {
  const { pointer, name, isBinary, classes } = requested;
  const index = outputs.findIndex((output) => output.name === name);
  const spec = outputs[index];
  if (spec === undefined) throw expected(`${pointer}/name`, `the output ${oneOf(outputs.map((o) => o.name))}`, name);
  if (classes !== undefined && isFree(spec))
    throw invalid(
      `${pointer}/parameters/classification`,
      `${name}: expected an output of fixed sizes, got [${spec.shape}]`,
    );
  if (classes !== undefined && !datatypes[spec.datatype].isNumeric)
    throw invalid(`${pointer}/parameters/classification`, `${name}: expected a numeric output, got ${spec.datatype}`);
  return { spec, index, isBinary, classes };
}
