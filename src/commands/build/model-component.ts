/** A model as a component of a CycloneDX bill of materials: its weights' hash and its `modelCard`. */
import type { Card } from '../../model/card/card';
import type { TensorSpec } from '../../model/tensors/tensors';

export type ModelComponent = ReturnType<typeof toModelComponent>;

export function toModelComponent(card: Card) {
  const { name, version, description, task, weights, inputs, outputs } = card;
  return {
    type: 'machine-learning-model',
    'bom-ref': `model/${name}@${version}`,
    name,
    version,
    description,
    hashes: [{ alg: 'SHA-256', content: weights.sha256 }],
    modelCard: {
      modelParameters: { task, inputs: inputs.map(toParameter), outputs: outputs.map(toParameter) },
    },
  } as const;
}

/** A parameter has no member but a format: the tensor's name, datatype and shape. */
function toParameter({ name, datatype, shape }: TensorSpec): { readonly format: string } {
  return { format: `${name}: ${datatype} [${shape.join(', ')}]` };
}
