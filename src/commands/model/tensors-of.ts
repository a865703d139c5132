/** Converts an ONNX signature to the card's tensors, or explains why it cannot be served and how to fix the export. */
import type { Signature, ValueMetadata } from '../../model/runtime/signature';
import { type Datatype, datatypeOf } from '../../model/tensors/datatypes';
import type { TensorSpec } from '../../model/tensors/tensors';

type Metadata = ValueMetadata;

/** Throws one error that lists every fault and its fix. */
export function toTensorSpecs({ inputs, outputs }: Signature): { inputs: TensorSpec[]; outputs: TensorSpec[] } {
  const faults = [...inputs.map(findFault('input')), ...outputs.map(findFault('output'))].filter(
    (each) => each !== undefined,
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { inputs: inputs.map(toSpec), outputs: outputs.map(toSpec) };
}

function findFault(kind: 'input' | 'output'): (metadata: Metadata) => string | undefined {
  return (metadata) => {
    const title = `The ${kind} ${metadata.name}`;
    if (!metadata.isTensor) {
      return (
        `${title} is a sequence or a map; expected a tensor. With skl2onnx, export a classifier's probabilities as a tensor: ` +
        `to_onnx(model, ..., options={id(model): {'zipmap': False}}).`
      );
    }
    const { type, shape } = metadata;
    if (datatypeOf(type) === undefined)
      return `${title} has the unsupported type ${type}; cast it to float32 in the model.`;
    const [rows, ...sizes] = shape;
    if (rows === undefined || typeof rows === 'number') {
      return (
        `${title} has the shape [${shape.join(', ')}]; expected a dynamic first dimension, for the rows. ` +
        'Export it with a dynamic first dimension.'
      );
    }
    const free = sizes.findIndex((size) => typeof size !== 'number');
    if (free === -1) return undefined;
    const name = String(sizes[free]) || '?';
    return (
      `${title} has a dynamic size ${name} in [${shape.join(', ')}]; expected only the first, for the rows, to be dynamic. Fix it: ` +
      `python -m onnxruntime.tools.make_dynamic_shape_fixed --dim_param ${name} --dim_value N model.onnx fixed.onnx`
    );
  };
}

function toSpec(metadata: Metadata): TensorSpec {
  if (!metadata.isTensor) throw new TypeError(`${metadata.name} is not a tensor.`);
  const [, ...sizes] = metadata.shape;
  return { name: metadata.name, datatype: datatypeOf(metadata.type) as Datatype, shape: [-1, ...sizes.map(Number)] };
}
