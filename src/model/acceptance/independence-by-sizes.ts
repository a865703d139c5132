/** Checks the independence of rows among those that can share a run: rows of equal sizes. */
import type { Card } from '../card/card';
import type { Session } from '../runtime/session';
import { groupRows } from '../tensors/row-tensors';
import { joinRows, type TensorSpec, type Tensors } from '../tensors/tensors';
import { checkIndependence, type Trial } from './row-independence';

/** Throws when rows influence each other. Instances that never share a run are not compared. */
export async function checkGroups(session: Session, card: Card, trial: Trial) {
  const done = { comparisons: 0, largestDifference: 0 };
  if (card.runs === 'single') return done;
  const { rows, outputs, compared } = trial;
  for (const group of groupRows(card.inputs, rows)) {
    const found = await checkIndependence(session, card, {
      ...trial,
      rows: pickRows(card.inputs, rows, group),
      outputs: pickRows(card.outputs, outputs, group),
      compared: Math.min(compared, group.length),
    });
    done.comparisons += found.comparisons;
    done.largestDifference = Math.max(done.largestDifference, found.largestDifference);
  }
  return done;
}

function pickRows(specs: readonly TensorSpec[], tensors: Tensors, group: readonly number[]): Tensors {
  if (group.length === tensors.rows) return tensors;
  return joinRows(
    specs,
    group.map((row) => ({ tensors, from: row, to: row + 1 })),
  );
}
