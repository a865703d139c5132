/** Parameters that are called almost like one of ours: left alone like foreign ones, they would seem to have had an effect. */
import { isAlmost } from '../../edit-distance';
import { escapePointer } from '../../model/instances/faults';
import type { Members } from './envelope';
import { invalid } from './faults';

/** Callers send a few: a body full of them takes no longer. */
const mostNames = 64;

/** Throws the problem `invalid-input` for the first of the names that differs from a known one by a letter or by case. */
export function refuseMisspelled(parameters: Members, known: readonly string[], pointer: string): void {
  for (const name of Object.keys(parameters).slice(0, mostNames))
    refuseAlmost(name, known, `${pointer}/${escapePointer(name)}`);
}

/** `place` says where the name stands if no pointer can. */
export function refuseAlmost(name: string, known: readonly string[], pointer: string, place = ''): void {
  if (known.includes(name)) return;
  const meant = known.find((each) => isAlmost(name, each));
  if (meant !== undefined) throw invalid(pointer, `${place}there is no parameter "${name}" (did you mean "${meant}"?)`);
}
