/** A queue whose members go to work one after another, as long bodies do: what one unfolds to, its values and its answer, is a multiple of its bytes. */

export interface Place {
  /** Resolves when it is this one's turn. */
  readonly turn: Promise<void>;
  /** Gives the place up, before its turn or after: the next may begin. What has been given up once stays so. */
  leave(): void;
}

export interface SerialQueue {
  /** A place behind those that were taken before. */
  enter(): Place;
  /** Places that are taken. */
  length(): number;
}

export function createSerialQueue(): SerialQueue {
  /** The first one has its turn. */
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
