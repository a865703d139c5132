/** Building blocks for JSON Schemas in the document. */

export type Json = Readonly<Record<string, unknown>>;

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Requires at least one of the members. */
export function hasAny(members: readonly string[]): Json {
  return { anyOf: members.map((member) => ({ required: [member] })) };
}
