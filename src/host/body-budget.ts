/** Limits the memory that all bodies and long answers take together: many long ones at once would exhaust the process. */

/** Bodies up to this size are not counted: the limit on concurrent requests bounds them. */
export const uncountedBytes = 64 * 1024;

/** The owner of a part of the budget. */
export interface Holder {
  heldBytes: number;
}

export interface BodyBudget {
  /** Sets a holder's share to `bytes`. Returns false and changes nothing if the budget does not allow it. */
  hold(holder: Holder, bytes: number): boolean;
  /** Releases a holder's whole share. */
  release(holder: Holder): void;
  /** Counts bytes already in memory, such as an answer's, until the returned function is called. */
  add(bytes: number): () => void;
  takenBytes(): number;
  readonly maxBytes: number;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let taken = 0;

  function hold(holder: Holder, bytes: number): boolean {
    const more = bytes - holder.heldBytes;
    if (taken + more > maxBytes) return false;
    taken += more;
    holder.heldBytes = bytes;
    return true;
  }

  function release(holder: Holder): void {
    taken -= holder.heldBytes;
    holder.heldBytes = 0;
  }

  function add(bytes: number): () => void {
    const answer: Holder = { heldBytes: bytes };
    taken += bytes;
    return () => release(answer);
  }

  return { maxBytes, hold, release, add, takenBytes: () => taken };
}
