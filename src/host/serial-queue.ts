/** A queue that runs one member at a time. Long bodies use it: their values and answers take a multiple of their bytes. */

export interface Place {
  /** Resolves when this member's turn comes. */
  readonly turn: Promise<void>;
  /** Leaves the queue, before or after the turn, so that the next may begin. Calling it again does nothing. */
  leave(): void;
}

export interface SerialQueue {
  /** Joins the end of the queue. */
  enter(): Place;
  /** Members in the queue. */
  length(): number;
}

export function createSerialQueue(): SerialQueue {
  /** The first member has its turn. */
  let places: (() => void)[] = [];

  function enter(): Place {
    let start: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      start = resolve;
    });
    places.push(start);
    if (places.length === 1) start();

    function leave(): void {
      const wasFirst = places[0] === start;
      places = places.filter((other) => other !== start);
      if (wasFirst) places[0]?.();
    }

    return { turn, leave };
  }

  return { enter, length: () => places.length };
}
