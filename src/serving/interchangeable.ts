/** Whether callers can use two models interchangeably: same instances, same form of predictions. */
import type { Card } from '../model/card/card';

/** What two cards must share. Ranges, categories and quality may differ. */
const shared: readonly (readonly [what: string, read: (card: Card) => unknown])[] = [
  ['name', ({ name }) => name],
  ['task', ({ task }) => task],
  ['labels', ({ labels = [] }) => labels],
  ['inputs', ({ inputs }) => inputs.map(({ name, datatype, shape }) => [name, datatype, shape])],
  [
    'outputs',
    ({ outputs }) => outputs.map(({ name, datatype, shape, role, columns }) => [name, datatype, shape, role, columns]),
  ],
  ['hooks', ({ hooks }) => hooks && [hooks.instance, hooks.prediction]],
  [
    'features',
    ({ features }) =>
      features.map(({ name, input, column, shape, tokenizer }) => [
        name,
        input,
        column,
        shape,
        ...(tokenizer ? ['text'] : []),
      ]),
  ],
];

/** What prevents the candidate from replacing the champion; undefined if nothing does. */
export function findDifference(champion: Card, candidate: Card): string | undefined {
  if (champion.version === candidate.version) return `expected another version, got ${quoted(candidate.version)} again`;
  for (const [what, read] of shared) {
    const [expected, found] = [read(champion), read(candidate)].map(quoted);
    if (expected !== found) return `expected the ${what} ${expected}, got ${found}${cureOf(expected, found)}`;
  }
  // Callers with a coverage would be refused now and then. One that knows more than the champion does no harm.
  if (champion.uncertainty !== undefined && candidate.uncertainty === undefined)
    return "expected an uncertainty, as the champion's card has one, got none";
  const told = candidate.features.find(({ name, private: isPrivate }) => isPrivate !== true && hides(champion, name));
  // Captures of what the candidate answers would hold its values.
  if (told !== undefined)
    return `expected the feature ${quoted(told.name)} to be private, as in the champion's card: add "private": true`;
  return undefined;
}

function hides({ features }: Card, name: string): boolean {
  return features.some((feature) => feature.name === name && feature.private === true);
}

function cureOf(...texts: readonly (string | undefined)[]): string {
  const [one, other] = texts.map((text) => text?.replaceAll('FP64', 'FP32'));
  return one === other ? '; package it with precision="float32" or "float64", as the champion was' : '';
}

const quoted = (value: unknown) => JSON.stringify(value);
