/** The schema of drift from the training data. */
import type { Card } from '../model/card/card';
import type { Json } from '../openapi/json-schema';

const share = (description: string): Json => ({ description, type: ['number', 'null'], minimum: 0, maximum: 1 });
const psi = {
  description: 'Population stability index; by convention, below 0.1 means no change, 0.2 and above a significant one.',
  type: ['number', 'null'],
  minimum: 0,
};

const drifts = (name: Json): Json => ({
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'psi', 'outside'],
    properties: {
      name,
      psi,
      outside: share('Share of rows outside the training range; null for strings and booleans.'),
    },
  },
});

export function driftSchema({ features, labels = [] }: Card): Json {
  const shares = {
    type: ['object', 'null'],
    properties: Object.fromEntries(labels.map((label) => [label, share('')])),
  };
  return {
    description: 'Over the last 10 000 to 20 000 rows of this instance; null while there are too few rows.',
    type: 'object',
    required: ['name', 'version', 'rows', 'minimumRows', 'outside', 'features'],
    properties: {
      name: { type: 'string' },
      version: { type: 'string' },
      rows: { type: 'integer', minimum: 0 },
      minimumRows: { description: 'With fewer rows, an index would be mostly noise.', type: 'integer' },
      outside: share('Share of rows with any feature outside its training range.'),
      features: drifts({ enum: features.map(({ name }) => name) }),
      values: drifts({ description: 'What the model returned.', type: 'string' }),
      labels: {
        type: 'object',
        required: ['psi', 'shares', 'trainingShares'],
        properties: { psi, shares, trainingShares: shares },
      },
    },
  };
}
