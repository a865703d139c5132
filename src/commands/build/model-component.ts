/** A model as a component of a CycloneDX bill of materials: its weights' hash and its `modelCard`. */
import type { Card } from '../../model/card/card';
import type { TensorSpec } from '../../model/tensors/tensors';

export type ModelComponent = ReturnType<typeof toModelComponent>;

/** Members of a card for its readers: nothing that serves looks at them. */
interface Described {
  readonly intendedUse?: string;
  readonly limits?: readonly string[];
  readonly license?: string;
  readonly evaluation?: { readonly method?: string; readonly [measure: string]: unknown };
}

export function toModelComponent(card: Card & Described) {
  const { name, version, description, license, task, weights, inputs, outputs } = card;
  return {
    type: 'machine-learning-model',
    'bom-ref': `model/${name}@${version}`,
    name,
    version,
    description,
    hashes: [{ alg: 'SHA-256', content: weights.sha256 }],
    ...(license !== undefined && { licenses: [{ license: { name: license } }] }),
    modelCard: {
      modelParameters: { task, inputs: inputs.map(toParameter), outputs: outputs.map(toParameter) },
      quantitativeAnalysis: { performanceMetrics: toMetrics(card) },
      considerations: {
        ...(card.intendedUse !== undefined && { useCases: [card.intendedUse] }),
        technicalLimitations: card.limits ?? [],
      },
    },
  } as const;
}

/** A parameter has no member but a format: the tensor's name, datatype and shape. */
function toParameter({ name, datatype, shape }: TensorSpec): { readonly format: string } {
  return { format: `${name}: ${datatype} [${shape.join(', ')}]` };
}

/** Numbers of the card's evaluation, each with how its rows were held out. */
function toMetrics({ evaluation: { method, rows, ...measures } = {} }: Described) {
  const slice = method === undefined ? {} : { slice: `${method}, ${rows} rows` };
  const numbers = Object.entries(measures).filter(([, value]) => typeof value === 'number');
  return numbers.map(([type, value]) => ({ type, value: String(value), ...slice }));
}
