/** The schemas of drift and of flags: what is said of rows that are unlike those of the training. */
import type { Card } from '../model/card/card';
import type { Json } from './operations';

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

/** Members of an answer to `parameters.flag`. */
export function flagMembers({ features }: Card): Json {
  const number = { type: 'number' };
  return {
    flagged_rows: { description: 'Rows with a value outside its training range.', type: 'integer', minimum: 0 },
    flags: {
      description: 'The first 1000 values outside their training ranges; `row` counts from 0.',
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['row', 'feature', 'value', 'minimum', 'maximum'],
        properties: {
          row: { type: 'integer', minimum: 0 },
          feature: { enum: features.map(({ name }) => name) },
          value: number,
          minimum: number,
          maximum: number,
        },
      },
    },
  };
}
