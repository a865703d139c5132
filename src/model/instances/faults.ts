/** Words the faults of an instance: which field, what was expected, what it got. */
import type { Fault } from '../../problem';
import type { Card, Feature } from '../card/card';
import type { ValidationError } from './compile';

// Only for a name that is not known: the first prediction waits for nothing.
const loadEditDistance = () => require('../../edit-distance') as typeof import('../../edit-distance');

/** Faults listed in one reply. */
export const maxFaults = 20;

const maxQuoteLength = 40;
const maxListLength = 8;
/** Names compared for each fault: twenty faults then take a few milliseconds, whatever a caller sends. */
const maxCompared = 1000;

/** Describes a value in a few words, however large it is. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (value === Infinity || value === -Infinity) return 'a number too large to read';
  if (typeof value === 'bigint') return `the integer ${value}`;
  if (typeof value !== 'string') return `the ${typeof value} ${value}`;
  return `the string ${quote(value)}`;
}

/** Quotes a text and shortens it if it is long. */
export function quote(text: string): string {
  if (text.length <= maxQuoteLength) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, maxQuoteLength))}… (${text.length} characters)`;
}

export function createFaultWriter(card: Card) {
  const names = card.features.map(({ name }) => name);
  const known = new Set(names);
  const listedNames = listNames(names);

  function toFault(error: ValidationError, instance: unknown, pointer: string): Fault {
    const at = pointer + error.instancePath;
    const params = error.params as Readonly<Record<string, unknown>>;
    if (error.keyword === 'required') {
      const name = String(params.missingProperty);
      const sent = findAlmost(name, Object.keys(instance as object), (key) => !known.has(key));
      const got = sent === undefined ? 'which is missing' : `got ${quote(sent)}`;
      return { pointer: at, detail: `expected the feature ${quote(name)}, ${got}` };
    }
    if (error.keyword === 'additionalProperties') {
      const name = String(params.additionalProperty);
      const meant = findAlmost(name, names, (each) => !Object.hasOwn(instance as object, each));
      const question = meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
      const detail = `expected only the features ${listedNames}, got ${quote(name)}${question}`;
      return { pointer: `${at}/${escapePointer(name)}`, detail };
    }
    return { pointer: at, detail: error.instancePath === '' ? arityDetail(instance) : valueDetail(error, instance) };
  }

  function arityDetail(instance: unknown): string {
    return `expected ${names.length} values (${listedNames}), got ${describeValue(instance)}`;
  }

  function valueDetail(error: ValidationError, instance: unknown): string {
    const key = unescapePointer(error.instancePath.slice(1));
    const feature = Array.isArray(instance)
      ? card.features[Number(key)]
      : card.features.find(({ name }) => name === key);
    const value = (instance as Readonly<Record<string, unknown>>)[key];
    return `${feature === undefined ? key : nameFeature(feature)}: expected ${expectationOf(error)}, got ${describeValue(value)}`;
  }

  return { toFault, arityDetail };
}

function findAlmost(name: string, others: readonly string[], isOpen: (other: string) => boolean): string | undefined {
  const { isAlmost } = loadEditDistance();
  return others.slice(0, maxCompared).find((other) => isAlmost(name, other) && isOpen(other));
}

/** Completes "expected …". */
export function expectationOf({ keyword, params }: ValidationError): string {
  if (keyword === 'type') return [params.type].flat().map(withArticle).join(' or ');
  if (keyword === 'enum') return listCategories(params.allowedValues);
  if (keyword in lengths) return `${lengths[keyword]} ${params.limit}`;
  if (keyword === 'pattern') return `a string that matches ${params.pattern}`;
  if (keyword === 'minimum') return `at least ${params.limit}`;
  if (keyword === 'maximum') return `at most ${params.limit}`;
  return `a value that passes "${keyword}"`;
}

const lengths: Readonly<Record<string, string>> = {
  minLength: 'a length of at least',
  maxLength: 'a length of at most',
  minItems: 'a length of at least',
  maxItems: 'a length of at most',
};

function withArticle(type: string): string {
  if (type === 'null') return type;
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Lists the allowed values, shortened if there are many. */
export function listCategories(values: readonly unknown[]): string {
  const shown = values.slice(0, maxListLength).map((each) => (typeof each === 'string' ? quote(each) : String(each)));
  return `one of ${shown.join(', ')}${values.length > maxListLength ? `, … (${values.length} in all)` : ''}`;
}

/** A feature's name, with its unit. */
export function nameFeature({ name, unit }: Feature): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, maxListLength).join(', ');
  return names.length > maxListLength ? `${shown}, …` : shown;
}

/** Escapes `~` and `/` in a token of a JSON Pointer (RFC 6901); cuts a long token. */
export function escapePointer(token: string): string {
  return token.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
