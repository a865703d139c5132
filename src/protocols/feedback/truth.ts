/** What feedback may say of a prediction: the label that was right, or the value. */
import type { Card } from '../../model/card/card';
import { describeValue } from '../../model/instances/faults';
import { createPredictionWriters, findExplained } from '../../model/predictions/tasks';
import type { Json } from '../../openapi/json-schema';

export interface Truth {
  readonly member: 'label' | 'value';
  readonly kind: 'text' | 'number';
  readonly schema: Json;
  readonly example: unknown;
  /** Says what was expected of a value that is none of those; undefined for a good one. */
  fault(value: unknown): string | undefined;
}

const maxShown = 20;

/** Undefined for a model that predicts neither: a vector has no truth. */
export function truthOf(card: Card): Truth | undefined {
  // Feedback is about what the model said, whatever hooks made of it.
  const { hooks: _, ...own } = card;
  if (own.labels !== undefined) return ofLabels(own.labels);
  return 'value' in createPredictionWriters(own) && findExplained(own) !== undefined ? ofNumbers : undefined;
}

function ofLabels(labels: readonly string[]): Truth {
  const known: ReadonlySet<unknown> = new Set(labels);
  const more = labels.length > maxShown ? `, or ${labels.length - maxShown} others` : '';
  const shown = labels
    .slice(0, maxShown)
    .map((label) => JSON.stringify(label))
    .join(', ');
  return {
    member: 'label',
    kind: 'text',
    schema: { enum: labels },
    example: labels[0],
    fault: (value) =>
      known.has(value) ? undefined : `expected a label of the model (${shown}${more}), got ${describeValue(value)}`,
  };
}

const ofNumbers: Truth = {
  member: 'value',
  kind: 'number',
  schema: { type: 'number' },
  example: 1.5,
  fault: (value) => (Number.isFinite(value) ? undefined : `expected a number, got ${describeValue(value)}`),
};
