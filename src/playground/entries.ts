/** What the form holds, in the order of the card; an empty field is undefined until the card's default, or somebody, fills it. */
import { data, type Value } from './page';

export type Entries = readonly (Value | undefined)[];

/** An array; an object without them where fields are empty, as the endpoint then uses its defaults. */
export function toInstance(entries: Entries): Readonly<Record<string, Value>> | Entries {
  if (!entries.includes(undefined)) return entries;
  const filled = data.features.flatMap(({ name }, i) => {
    const value = entries[i];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(filled);
}

/** The features that are empty and have no default. */
export function findMissing(entries: Entries): readonly number[] {
  return entries.flatMap((value, i) => (value === undefined && data.features[i]?.default === undefined ? [i] : []));
}
