/** JSON Schema in the document: values, references, and what several schemas say alike. */

export type Json = Readonly<Record<string, unknown>>;

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Whether an object has any of the members. */
export function hasAny(members: readonly string[]): Json {
  return { anyOf: members.map((member) => ({ required: [member] })) };
}
