/** Building blocks for JSON Schemas in the document. */

export type Json = Readonly<Record<string, unknown>>;

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** One of schemas that exclude each other. Of `anyOf`, most generators of clients make one class with the members of all. */
export const either = (schemas: readonly Json[]): Json => ({ oneOf: schemas });

/** A boolean that is always the same. Generators make an enumeration of `const`, and Java has none of booleans. */
export const fixedBoolean = (value: boolean): Json => ({ type: 'boolean', not: { const: !value } });

/** Requires each of the members, whatever it is. */
export function hasAll(members: readonly string[]): Json {
  // Linters take a member that is required but not described for a slip.
  return { required: members, properties: Object.fromEntries(members.map((member) => [member, {}])) };
}

/** Requires at least one of the members. */
export function hasAny(members: readonly string[]): Json {
  return { anyOf: members.map((member) => hasAll([member])) };
}

/** An object that has each of these members. */
export function record(properties: Json): Json & { readonly properties: Json } {
  return { type: 'object', required: Object.keys(properties), properties };
}

export function listOf(items: Json): Json {
  return { type: 'array', items };
}

/** Of an array: exactly one item per schema. */
export function tuple(items: readonly Json[]): Json {
  return { prefixItems: items, minItems: items.length, maxItems: items.length };
}
