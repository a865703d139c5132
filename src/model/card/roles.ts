/** The roles of outputs, one row each: the datatypes they may have and how they relate to the card's labels. */
import type { Kind } from '../tensors/elements';

interface RoleRow {
  readonly kinds: readonly Kind[];
  /** Whether a row holds one label, a number for each label, or neither. */
  readonly labels: 'one' | 'each' | 'none';
  /** Whether its numbers are shares between 0 and 1. */
  readonly isShare: boolean;
  /** Whether a prediction names it as the weights do, and not by its role. */
  readonly hasOwnName: boolean;
  /** Whether a card may say how its numbers are distributed. */
  readonly hasTraining: boolean;
}

const table = {
  label: { kinds: ['integer', 'text'], labels: 'one', isShare: false, hasOwnName: false, hasTraining: false },
  probabilities: { kinds: ['number'], labels: 'each', isShare: true, hasOwnName: false, hasTraining: false },
  scores: { kinds: ['number'], labels: 'each', isShare: false, hasOwnName: false, hasTraining: false },
  value: { kinds: ['number', 'integer'], labels: 'none', isShare: false, hasOwnName: false, hasTraining: true },
  embedding: { kinds: ['number'], labels: 'none', isShare: false, hasOwnName: false, hasTraining: false },
  tensor: {
    kinds: ['number', 'integer', 'boolean', 'text'],
    labels: 'none',
    isShare: false,
    hasOwnName: true,
    hasTraining: false,
  },
} as const satisfies Readonly<Record<string, RoleRow>>;

export type Role = keyof typeof table;

export const roles: Readonly<Record<Role, RoleRow>> = table;

/** The index of the output that holds the label, or a number for each label; -1 when there is none. */
export function findLabelled(outputs: readonly { readonly role: Role }[], labels: 'one' | 'each'): number {
  return outputs.findIndex(({ role }) => roles[role].labels === labels);
}
