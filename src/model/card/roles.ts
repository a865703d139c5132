/** One row a role of an output: which datatypes it may have, and what a row of it has to do with the labels of the card. */
import type { Kind } from '../tensors/elements';

interface RoleRow {
  /** What its datatype may be. */
  readonly kinds: readonly Kind[];
  /** Whether a row holds one label, a number for each of them, or something else. */
  readonly labels: 'one' | 'each' | 'none';
  /** Whether its numbers are shares of a whole, from 0 to 1. */
  readonly isShare: boolean;
}

const table = {
  label: { kinds: ['integer', 'text'], labels: 'one', isShare: false },
  probabilities: { kinds: ['number'], labels: 'each', isShare: true },
  scores: { kinds: ['number'], labels: 'each', isShare: false },
  value: { kinds: ['number', 'integer'], labels: 'none', isShare: false },
  embedding: { kinds: ['number'], labels: 'none', isShare: false },
  tensor: { kinds: ['number', 'integer', 'boolean', 'text'], labels: 'none', isShare: false },
} as const satisfies Readonly<Record<string, RoleRow>>;

export type Role = keyof typeof table;

export const roles: Readonly<Record<Role, RoleRow>> = table;

/** The place of the output that holds the label, or a number for each; -1 where none does. */
export function findLabelled(outputs: readonly { readonly role: Role }[], labels: 'one' | 'each'): number {
  return outputs.findIndex(({ role }) => roles[role].labels === labels);
}
