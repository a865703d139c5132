/** What defines a task: what its card must have, and how predictions are written, described and explained. */
import type { Card, OutputSpec } from '../card/card';
import type { Schema } from '../tensors/elements';
import type { Tensors } from '../tensors/tensors';

/** Writes the prediction of one row, or a part of it. */
export type PredictionWriter = (outputs: Tensors, row: number) => string;

/** Writers of whole predictions and, by name, of members that callers may request alone. */
export interface PredictionWriters {
  readonly prediction: PredictionWriter;
  readonly [member: string]: PredictionWriter;
}

export interface TaskRow {
  /** Throws when the card breaks a rule of this task, beyond the rules for all cards. */
  check(card: Card): void;
  createWriters(card: Card): PredictionWriters;
  /** The JSON Schema of each member of a prediction. */
  memberSchemas(card: Card): ReadonlyMap<string, Schema>;
  /** Whether callers may request a member alone. */
  readonly hasNamedMembers: boolean;
  /** The output whose numbers are charted and explained; undefined when there is none. */
  findExplained(card: Card): OutputSpec | undefined;
}
