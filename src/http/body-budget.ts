/** The memory that bodies and long answers in work may take, all together: many that are long each would end the process. */

/** Bodies up to here are not counted: the limit of concurrent requests bounds them well enough. */
export const uncountedBytes = 64 * 1024;

/** What one request has of the budget. */
export interface Lease {
  /** Holds so many bytes from now on; false, and as before, when they are not to be had. */
  hold(bytes: number): boolean;
  /** Gives all back. */
  release(): void;
}

export interface BodyBudget {
  lease(): Lease;
  /** Counts bytes that are there already, as those of an answer are, until the function that comes back is called. */
  add(bytes: number): () => void;
  takenBytes(): number;
  readonly maxBytes: number;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let taken = 0;

  function lease(): Lease {
    let held = 0;
    return {
      hold(bytes) {
        if (taken - held + bytes > maxBytes) return false;
        taken += bytes - held;
        held = bytes;
        return true;
      },
      release() {
        taken -= held;
        held = 0;
      },
    };
  }

  function add(bytes: number): () => void {
    let rest = bytes;
    taken += rest;
    return () => {
      taken -= rest;
      rest = 0;
    };
  }

  return { maxBytes, lease, add, takenBytes: () => taken };
}
