/** Parameters that are called almost like one of ours, or stand where ours do nothing: left alone like foreign ones, they would seem to have had an effect. */
import { isAlmost } from '../../edit-distance';
import { escapePointer } from '../../model/instances/faults';
import { isMembers, type Members } from './envelope';
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

/** Where protocols look for parameters. */
type Home = 'parameters' | 'params';

/** Throws the problem `invalid-input` for a coverage that stands beside `home`, or in what another protocol calls so. */
export function refuseMisplaced(members: Members, home: Home): void {
  const other: Home = home === 'params' ? 'parameters' : 'params';
  // Clients that serialize a whole schema send null for absent members.
  for (const [place, pointer] of [
    [members, '/coverage'],
    [members[other], `/${other}/coverage`],
  ] as const)
    if (isMembers(place) && place.coverage !== undefined && place.coverage !== null)
      throw invalid(
        pointer,
        `expected none here: the coverage goes into "${home}", as in {"${home}":{"coverage":0.9}}`,
      );
}
