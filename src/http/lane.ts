/** Long bodies go to work one after another: what one unfolds to, its values and its answer, is a multiple of its bytes. */

export interface Lane {
  /** Calls `start` when it is its turn, at once when nobody is before it. */
  enter(start: () => void): void;
  /** The work of `start` is done: the next may begin. */
  leave(start: () => void): void;
  /** Nobody waits for `start` any more. Work that has begun goes on until it leaves. */
  cancel(start: () => void): void;
}

export function createLane(): Lane {
  let current: (() => void) | undefined;
  let waiting: (() => void)[] = [];
  let isAdvancing = false;

  // Work that ends where it starts, as a refusal does, comes back here: the loop goes on, and no stack grows.
  function advance(): void {
    if (isAdvancing) return;
    isAdvancing = true;
    while (current === undefined && waiting.length > 0) {
      current = waiting.shift();
      current?.();
    }
    isAdvancing = false;
  }

  return {
    enter(start) {
      waiting.push(start);
      advance();
    },
    leave(start) {
      if (start !== current) return;
      current = undefined;
      advance();
    },
    cancel(start) {
      waiting = waiting.filter((other) => other !== start);
    },
  };
}
