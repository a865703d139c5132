/** The schema of drift: how far rows are from those of the training. */
import type { Card } from '../model/card/card';
import type { Json } from '../openapi/json-schema';

const share = (description: string): Json => ({ description, type: ['number', 'null'], minimum: 0, maximum: 1 });
const psi = {
  description: 'Population stability index: by custom nothing has changed below 0.1, and much has from 0.2 on.',
  type: ['number', 'null'],
  minimum: 0,
};

export function driftSchema({ features, labels = [] }: Card): Json {
  const shares = {
    type: ['object', 'null'],
    properties: Object.fromEntries(labels.map((label) => [label, share('')])),
  };
  return {
    description: 'Of the last 10 000 to 20 000 rows of this instance. What there are too few rows for is null.',
    type: 'object',
    required: ['name', 'version', 'rows', 'minimumRows', 'outside', 'features'],
    properties: {
      rows: { type: 'integer', minimum: 0 },
      minimumRows: { description: 'With fewer rows an index would be chance.', type: 'integer' },
      outside: share('Share of the rows with any feature outside its training range.'),
      features: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'psi', 'outside'],
          properties: {
            name: { enum: features.map(({ name }) => name) },
            psi,
            outside: share('Share of the rows outside the training range.'),
          },
        },
      },
      labels: {
        type: 'object',
        required: ['psi', 'shares', 'trainingShares'],
        properties: { psi, shares, trainingShares: shares },
      },
    },
  };
}
