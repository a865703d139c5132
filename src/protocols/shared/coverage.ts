/** The coverage that a request asks for: the share of rows whose label set or interval is to hold the truth. */
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { createPredictionSet, type PredictionSet } from '../../model/predictions/prediction-set';
import { findErrors, greatestCoverage } from '../../model/predictions/uncertainty';
import { describeDrifted } from '../../telemetry/drift/drifted';
import { driftOf } from '../../telemetry/version-counts';
import { expected, invalid } from './faults';
import type { RowsForm } from './predicted-rows';

export interface Coverage {
  readonly requested: number;
  /** Number of the rows whose errors are known. */
  readonly rows: number;
  readonly set: PredictionSet;
  /** Why the coverage may be less than requested. */
  readonly warning: string | undefined;
}

/** Throws the problem `invalid-input` for a coverage that the card does not allow. */
export function readCoverage(model: Model, requested: unknown, pointer: string): Coverage {
  const { card } = model;
  const errors = findErrors(card);
  if (errors === undefined)
    throw invalid(pointer, `expected none: the card of version ${card.version} has no uncertainty to make sets of`);
  if (typeof requested !== 'number' || !(requested > 0 && requested < 1))
    throw expected(pointer, 'a number between 0 and 1, such as 0.9', requested);
  const { rows } = errors;
  const most = greatestCoverage(errors);
  if (requested > most)
    throw invalid(pointer, `expected at most ${floor(most)}, which ${rows} calibration rows allow, got ${requested}`);
  return { requested, rows, set: createPredictionSet(card, errors, requested), warning: warn(model, requested) };
}

const floor = (share: number) => Math.floor(share * 1e4) / 1e4;

/** Errors of the past tell of rows like those of the past. */
function warn(model: Model, requested: number): string | undefined {
  const drift = driftOf(model);
  const drifted = drift && describeDrifted(drift.read());
  return drifted && `${drifted} Fewer than ${Number((100 * requested).toFixed(4))} % of the sets may hold the truth.`;
}

/** Predictions with their sets, and what these are worth. */
export function withCoverage<Form extends RowsForm>(form: Form, coverage: Coverage): Form {
  return { ...form, write: addSet(form.write, coverage), members: joinMembers(form.members, coverage) };
}

/** A prediction is an object, to which the set is added. */
export function addSet(write: PredictionWriter, { set }: Coverage): PredictionWriter {
  const name = JSON.stringify(set.spec.name);
  return (outputs, row) => `${write(outputs, row).slice(0, -1)},${name}:${set.write(outputs, row)}}`;
}

function joinMembers(others: RowsForm['members'], { requested, rows, warning }: Coverage): RowsForm['members'] {
  const own = `"coverage":${JSON.stringify({ requested, rows, warning })}`;
  return function* write(inputs) {
    return others === undefined ? own : `${yield* others(inputs)},${own}`;
  };
}
