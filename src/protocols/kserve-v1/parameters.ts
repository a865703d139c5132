/** What the parameters of a request add to its answer: flags of unusual values, and prediction sets. */
import type { Model } from '../../model/model';
import { readCoverage, withCoverage } from '../shared/coverage';
import { isMembers } from '../shared/envelope';
import { expected, invalid } from '../shared/faults';
import type { RowsForm } from '../shared/predicted-rows';
import { wantsFlags, writeFlags } from './flags';

const place = '/parameters/coverage';

export function withParameters(model: Model, form: RowsForm, parameters: unknown): RowsForm {
  const flagged = wantsFlags(parameters) ? { ...form, members: flagsOf(model, parameters) } : form;
  const coverage = coverageOf(parameters);
  return coverage === undefined ? flagged : withCoverage(flagged, readCoverage(model, coverage, place));
}

/** Columns are answered with the outputs of the model alone. */
export function refuseCoverage(parameters: unknown): void {
  if (coverageOf(parameters) === undefined) return;
  throw invalid(place, 'expected none, because "inputs" has columns: send rows under "instances"');
}

// Clients that serialize a whole schema send null for absent members.
const coverageOf = (parameters: unknown) => (isMembers(parameters) ? (parameters.coverage ?? undefined) : undefined);

function flagsOf({ card }: Model, parameters: unknown): RowsForm['members'] {
  return (rows) => {
    if ('hooked' in rows) throw expected('/parameters', 'no flags: hooks make the features of this model', parameters);
    return writeFlags(card, rows);
  };
}
