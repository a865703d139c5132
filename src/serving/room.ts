/** Room of a fixed size that is entered with a share of it: who does not fit waits until others have left, in order. */

export interface Room {
  /** Resolves once there is room for `size`, which must not exceed the whole, with what gives it back. */
  enter(size: number): Promise<() => void>;
}

export function createRoom(whole: number): Room {
  let taken = 0;
  const waiting: { readonly size: number; readonly enter: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next !== undefined && taken + next.size <= whole; next = waiting[0]) {
      waiting.shift();
      taken += next.size;
      next.enter();
    }
  }

  function enter(size: number): Promise<() => void> {
    return new Promise((resolve) => {
      const leave = () => {
        taken -= size;
        admit();
      };
      waiting.push({ size, enter: () => resolve(leave) });
      admit();
    });
  }

  return { enter };
}
