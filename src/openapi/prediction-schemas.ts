/** The schemas of a prediction and of its members, which BigQuery may ask for alone. */
import type { Card, OutputSpec, Role } from '../model/card/card';
import { rowWidth } from '../model/tensors/tensors';
import type { Json } from './json-schema';

/** The members that a prediction is known by; none for a model that answers tensors by name. */
export function memberSchemas(card: Card): ReadonlyMap<string, Json> {
  const { task, outputs, labels = [] } = card;
  if (task === 'tensors') return new Map();
  if (task !== 'classification') {
    const role = task === 'regression' ? 'value' : 'embedding';
    const output = outputs.find((spec) => spec.role === role) as OutputSpec;
    return new Map([[role, isNumber(output) ? elementSchema(output.datatype) : tensorSchema(output)]]);
  }
  const shares = outputs.filter(({ role }) => role !== 'label').map(({ role }) => [role, ofLabels(labels)] as const);
  // A label that is read from the numbers is not there when they are none.
  const chosen = outputs.some((spec) => spec.role === 'label') ? labels : [...labels, null];
  return new Map<Role, Json>([['label', { enum: chosen }], ...shares]);
}

export function predictionSchema(card: Card): Json {
  const members =
    card.task === 'tensors'
      ? new Map(card.outputs.map((output) => [output.name, tensorSchema(output)]))
      : memberSchemas(card);
  return { type: 'object', required: [...members.keys()], properties: Object.fromEntries(members) };
}

function isNumber(output: OutputSpec): boolean {
  return output.role === 'value' && rowWidth(output) === 1 && output.columns === undefined;
}

function ofLabels(labels: readonly string[]): Json {
  return {
    type: 'object',
    required: labels,
    properties: Object.fromEntries(labels.map((label) => [label, number])),
    additionalProperties: false,
  };
}

function tensorSchema({ datatype, shape, columns }: OutputSpec): Json {
  const element = elementSchema(datatype);
  if (columns !== undefined) {
    const properties = Object.fromEntries(columns.map((name) => [name, element]));
    return { type: 'object', required: columns, properties };
  }
  const [, ...sizes] = shape;
  return sizes.reduceRight<Json>(
    (items, length) => ({ type: 'array', items, minItems: length, maxItems: length }),
    element,
  );
}

/** NaN and the infinities are null: JSON has no word for them. */
export const number: Json = { type: ['number', 'null'] };

export function elementSchema(datatype: OutputSpec['datatype']): Json {
  if (datatype === 'BYTES') return { type: 'string' };
  if (datatype === 'BOOL') return { type: 'boolean' };
  return /^U?INT/.test(datatype) ? { type: 'integer' } : number;
}
