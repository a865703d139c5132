/** What the parameters of a request add to its answer: flags of unusual values, and prediction sets. */
import type { Model } from '../../model/model';
import { type Coverage, findCoverage as findIn } from '../shared/coverage';
import { expected } from '../shared/faults';
import type { RowsForm } from '../shared/predicted-rows';
import { wantsFlags, writeFlags } from './flags';

export function withParameters(model: Model, form: RowsForm, parameters: unknown): RowsForm {
  const members = wantsFlags(parameters) ? flagsOf(model, parameters) : undefined;
  return { ...form, members, coverage: findCoverage(model, parameters) };
}

export function findCoverage(model: Model, parameters: unknown): Coverage | undefined {
  return findIn(model, parameters, '/parameters');
}

function flagsOf({ card }: Model, parameters: unknown): RowsForm['members'] {
  return (rows) => {
    if ('hooked' in rows) throw expected('/parameters', 'no flags: hooks make the features of this model', parameters);
    return writeFlags(card, rows);
  };
}
