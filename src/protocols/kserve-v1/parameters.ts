/** What the parameters of a request add to its answer: flags of unusual values, and prediction sets. Or that its rows do not count. */
import type { Model } from '../../model/model';
import { type Coverage, findCoverage as findIn } from '../shared/coverage';
import { isMembers } from '../shared/envelope';
import { expected } from '../shared/faults';
import { refuseMisspelled } from '../shared/misspelled';
import type { RowsForm } from '../shared/predicted-rows';
import { writeFlags } from './flags';

const names = ['coverage', 'flag', 'explore'];

/** Others than these are a caller's own: KServe and Vertex AI allow any. */
export function withParameters(model: Model, form: RowsForm, parameters: unknown): RowsForm {
  const members = isAsked('flag', parameters) ? flagsOf(model, parameters) : undefined;
  return { ...form, members, coverage: findCoverage(model, parameters) };
}

/** Rows that only try the model are no sign of drift. */
export const wantsToExplore = (parameters: unknown): boolean => isAsked('explore', parameters);

/** Whether a parameter is true; throws a problem if it is not a boolean. */
function isAsked(name: string, parameters: unknown): boolean {
  if (!isMembers(parameters) || !(name in parameters)) return false;
  const { [name]: value } = parameters;
  if (typeof value === 'boolean') return value;
  throw expected(`/parameters/${name}`, 'true or false', value);
}

export function findCoverage(model: Model, parameters: unknown): Coverage | undefined {
  if (isMembers(parameters)) refuseMisspelled(parameters, names, '/parameters');
  return findIn(model, parameters, '/parameters');
}

/** Explanations have parameters of their own, and no sets. */
export function checkExplaining(parameters: unknown): void {
  if (!isMembers(parameters)) return;
  refuseMisspelled(parameters, ['permutations', 'seed'], '/parameters');
  const { coverage } = parameters;
  if (coverage === undefined || coverage === null) return;
  throw expected('/parameters/coverage', 'none, since only predictions have sets: ask :predict', coverage);
}

function flagsOf({ card }: Model, parameters: unknown): RowsForm['members'] {
  return (rows) => {
    if ('hooked' in rows) throw expected('/parameters', 'no flags: hooks make the features of this model', parameters);
    return writeFlags(card, rows);
  };
}
