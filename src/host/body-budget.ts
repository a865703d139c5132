/** The memory that bodies and long answers in work may take, all together: many that are long each would end the process. */

/** Bodies up to here are not counted: the limit of concurrent requests bounds them well enough. */
export const uncountedBytes = 64 * 1024;

/** What holds a part of the budget. */
export interface Holder {
  heldBytes: number;
}

export interface BodyBudget {
  /** Lets a holder have so many bytes, and no others; false, and as before, when they are not to be had. */
  hold(holder: Holder, bytes: number): boolean;
  /** Takes back all that a holder has. */
  release(holder: Holder): void;
  /** Counts bytes that are there already, as those of an answer are, until the function that comes back is called. */
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
