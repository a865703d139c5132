/** The memory that bodies and long answers in work may take, all together: many that are long each would end the process. */

/** Bodies up to here are not counted: the limit of concurrent requests bounds them well enough. */
export const uncountedBytes = 64 * 1024;

export interface BodyBudget {
  /** Reserves bytes; false when they are not to be had. */
  take(bytes: number): boolean;
  /** Counts bytes that are there already, as those of an answer are. */
  add(bytes: number): void;
  give(bytes: number): void;
  readonly maxBytes: number;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let taken = 0;
  return {
    maxBytes,
    take(bytes) {
      if (taken + bytes > maxBytes) return false;
      taken += bytes;
      return true;
    },
    add(bytes) {
      taken += bytes;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}
