/** The tasks, one row each. */
import type { Card, OutputSpec, Task } from '../card/card';
import { classifier } from './classifier';
import { outputsByName } from './outputs-by-name';
import type { PredictionWriters, TaskRow } from './prediction';
import { singleMember } from './single-member';

export const tasks: Readonly<Record<Task, TaskRow>> = {
  classification: classifier,
  regression: singleMember({ role: 'value', isNumber: true }),
  embedding: singleMember({ role: 'embedding', isNumber: false }),
  tensors: outputsByName,
};

export function createPredictionWriters(card: Card): PredictionWriters {
  return tasks[card.task].createWriters(card);
}

/** The output whose numbers are charted and explained; undefined when there is none. */
export function findExplained(card: Card): OutputSpec | undefined {
  // A contribution of a feature says nothing of what a hook made it of.
  return card.hooks === undefined ? tasks[card.task].findExplained(card) : undefined;
}

/** The output that `:explain` shares among the features; undefined without one, or without rows to compare with. */
export function findExplainable(card: Card): OutputSpec | undefined {
  return card.data?.background === undefined ? undefined : findExplained(card);
}
