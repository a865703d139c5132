/** Groups of features for the search of the form: those whose names start with the same word. */

export interface Group {
  readonly name: string;
  readonly count: number;
}

/** Fewer features are found without. */
const leastInGroup = 2;
/** A longer list is slower than a search. */
const mostGroups = 30;

/** Empty where names do not tell them apart. */
export function findGroups(names: readonly string[]): readonly Group[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const group = groupOf(name);
    if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const groups = [...counts].filter(([, count]) => count >= leastInGroup).map(([name, count]) => ({ name, count }));
  return groups.length > 1 && groups.length <= mostGroups ? groups : [];
}

/** "engine_power", "engine.power" and "engine power" are of "engine". */
function groupOf(name: string): string | undefined {
  return /^[\p{L}\p{N}]+(?=[^\p{L}\p{N}])/u.exec(name)?.[0];
}
