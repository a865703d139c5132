/** One row a task: the forms of predictions that there are. */
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

/** The output whose numbers stand for a prediction when it is drawn and explained; undefined where a prediction is something else. */
export function findExplained(card: Card): OutputSpec | undefined {
  return tasks[card.task].findExplained(card);
}
