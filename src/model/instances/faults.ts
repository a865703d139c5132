/** What is wrong with an instance, in words: which field, what was expected, what came. */
import type { Fault } from '../../problem';
import type { Card, Feature } from '../card/card';
import type { ValidationError } from './compile';

/** Faults that one answer names; the rest would only make it long. */
export const maxFaults = 20;

const longestQuote = 40;
const longestList = 8;

/** Describes a value shortly, whatever its size or depth. */
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

/** A text in quotes, cut where it is long. */
export function quote(text: string): string {
  if (text.length <= longestQuote) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, longestQuote))}… (${text.length} characters)`;
}

/** Makes the sentences for the faults that the validator found in one instance at `pointer`. */
export function createFaultWriter(card: Card) {
  const names = card.features.map(({ name }) => name);
  const listedNames = listNames(names);

  function toFault(error: ValidationError, instance: unknown, pointer: string): Fault {
    const at = pointer + error.instancePath;
    const params = error.params as Readonly<Record<string, unknown>>;
    if (error.keyword === 'required') {
      return {
        pointer: at,
        detail: `expected the feature ${quote(String(params.missingProperty))}, which is missing`,
      };
    }
    if (error.keyword === 'additionalProperties') {
      const name = String(params.additionalProperty);
      return {
        pointer: `${at}/${escapePointer(name)}`,
        detail: `expected only the features ${listedNames}, got ${quote(name)}`,
      };
    }
    if (error.instancePath === '') return { pointer: at, detail: arityDetail(instance) };
    return { pointer: at, detail: valueDetail(error, instance) };
  }

  function arityDetail(instance: unknown): string {
    const expected = `expected ${names.length} values (${listedNames})`;
    return `${expected}, got ${describeValue(instance)}`;
  }

  function valueDetail(error: ValidationError, instance: unknown): string {
    const key = unescapePointer(error.instancePath.slice(1));
    const feature = Array.isArray(instance)
      ? card.features[Number(key)]
      : card.features.find(({ name }) => name === key);
    const value = (instance as Readonly<Record<string, unknown>>)[key];
    return `${feature === undefined ? key : nameFeature(feature)}: expected ${expectation(error)}, got ${describeValue(value)}`;
  }

  return { toFault, arityDetail };
}

function expectation({ keyword, params }: ValidationError): string {
  if (keyword === 'type') return [params.type].flat().map(withArticle).join(' or ');
  if (keyword === 'enum') return listCategories(params.allowedValues);
  if (keyword === 'minimum') return `at least ${params.limit}`;
  if (keyword === 'maximum') return `at most ${params.limit}`;
  return `a value that passes "${keyword}"`;
}

function withArticle(type: string): string {
  if (type === 'null') return type;
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Names what would do, the first of many. */
export function listCategories(values: readonly unknown[]): string {
  const shown = values.slice(0, longestList).map((value) => (typeof value === 'string' ? quote(value) : String(value)));
  return `one of ${shown.join(', ')}${values.length > longestList ? `, … (${values.length} in all)` : ''}`;
}

/** A feature as callers know it, with its unit. */
export function nameFeature({ name, unit }: Feature): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, longestList).join(', ');
  return names.length > longestList ? `${shown}, …` : shown;
}

/** RFC 6901: `~` and `/` are escaped within a pointer's token; a long token is cut. */
export function escapePointer(token: string): string {
  return token.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
