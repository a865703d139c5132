/** What is known of the predictions of a task: what its card must have, and how predictions are written, described and explained. */
import type { Card, OutputSpec } from '../card/card';
import type { Schema } from '../tensors/elements';
import type { Tensors } from '../tensors/tensors';

/** Writes the prediction of one row, or a part of it. */
export type PredictionWriter = (outputs: Tensors, row: number) => string;

/** Writers of whole predictions and, by their names, of the members that callers may ask for alone. */
export interface PredictionWriters {
  readonly prediction: PredictionWriter;
  readonly [member: string]: PredictionWriter;
}

export interface TaskRow {
  /** Throws an error that names what a card of the task must have, or has too much, beyond the rules of all cards. */
  check(card: Card): void;
  createWriters(card: Card): PredictionWriters;
  /** The JSON Schema of each member of a prediction. */
  memberSchemas(card: Card): ReadonlyMap<string, Schema>;
  /** Whether callers may ask for a member alone: not where the outputs name them. */
  readonly hasNamedMembers: boolean;
  /** The output whose numbers stand for a prediction when it is drawn and explained; undefined where there is none. */
  findExplained(card: Card): OutputSpec | undefined;
}
