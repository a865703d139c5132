/** JSON that grows by chance: counts, depth, repetition and duplicates, in the places of bodies that are good otherwise. */
import type { Chance } from './chance';

const atoms = [
  ...['0', '1', '-0', '0.5', '1e308', '1e999', '-1e-400', '12345678901234567', '9'.repeat(60), `0.${'1'.repeat(60)}`],
  ...['""', '"a"', '"NaN"', '"1"', '"\\ud800"', '"\\u0000"', '"é😀"', '"\\n\\t\\""', `"${'x'.repeat(300)}"`],
  ...['true', 'false', 'null', '[]', '{}', '[null]', '{"":{}}', ' ', ',', ':', 'NaN', '"', '[', ']', '{', '}'],
];
/** What stands at the end breaks the text: most values leave it whole. */
const wholeAtoms = atoms.slice(0, -9);

const names = [
  ...['instances', 'inputs', 'calls', 'outputs', 'parameters', 'data', 'data_base64', 'message', 'specversion', 'id'],
  ...['name', 'datatype', 'shape', 'signature_name', 'userDefinedContext', 'binary_data_size', 'classification', 'X'],
  ...['__proto__', 'constructor', 'toString', 'length', 'then', '', '0', '1048576', '4294967295', '\\u0061', 'é', '😀'],
];

/** A value whose parts may be many, deep, the same again and again, or each another. */
export function growValue(chance: Chance, depth = 0): string {
  const kind = depth > 5 ? 0 : chance.below(8);
  if (kind < 4) return chance.one(chance.once(40) ? atoms : wholeAtoms);
  if (kind === 4) return growDeep(chance, depth);
  return kind === 5 ? `[${growElements(chance, depth)}]` : `{${growMembers(chance, depth)}}`;
}

function growDeep(chance: Chance, depth: number): string {
  const levels = chance.once(50) ? chance.below(5000) : chance.below(70);
  const [open, close] = chance.one([
    ['[', ']'],
    ['{"a":', '}'],
    ['[1,', ']'],
    ['[[],', ',{}]'],
  ]) as [string, string];
  return open.repeat(levels) + growValue(chance, depth + 3) + close.repeat(levels);
}

/** Letters of what holds many, or a piece and more: what holds many of these is cut down to as much. */
const mostLetters = 4 * 1024;
const seldomLetters = 80 * 1024;

function countOf(chance: Chance, length: number): number {
  const most = chance.once(300) ? seldomLetters : mostLetters;
  return Math.min(chance.count(), Math.ceil(most / length));
}

/** Elements with a comma between them: one of them again and again, or others. */
function growElements(chance: Chance, depth: number): string {
  const first = growValue(chance, depth + 1);
  const count = countOf(chance, first.length);
  if (count === 0) return '';
  if (chance.once(2) || count > 300) return `${`${first},`.repeat(count - 1)}${first}`;
  return [first, ...Array.from({ length: count - 1 }, () => growValue(chance, depth + 1))].join();
}

function growMembers(chance: Chance, depth: number): string {
  const value = growValue(chance, depth + 1);
  const count = countOf(chance, value.length);
  const nameOf = chance.one<(i: number) => string>([
    () => chance.one(names),
    () => chance.one(names),
    (i) => `k${i}`,
    (i) => String(i * 4096),
    (i) => `\\u006b${i}`,
    () => 'same',
  ]);
  const textOf = chance.once(2) || count > 300 ? () => value : () => growValue(chance, depth + 1);
  return Array.from({ length: count }, (_, i) => `"${nameOf(i)}":${textOf()}`).join();
}

/** Where a value of a good body stands that is to be exchanged. */
const place = '\u0001';

/** Texts of a good body, each with another of its values left out. */
export function toMoulds(body: object): readonly string[] {
  const moulds: string[] = [];
  for (let left = 0; ; left++) {
    let count = 0;
    const text = JSON.stringify(body, (_name, value: unknown) => (count++ === left ? place : value));
    if (count <= left) return moulds;
    moulds.push(text.replace('"\\u0001"', place));
  }
}

/** A body of one of the moulds, filled, and sometimes damaged. */
export function growBody(chance: Chance, moulds: readonly string[]): string {
  const text = chance.one(moulds).replace(place, () => growValue(chance));
  if (!chance.once(6)) return text;
  const at = chance.below(text.length);
  return text.slice(0, at) + chance.one(['', ...atoms]) + text.slice(at + chance.below(8));
}
