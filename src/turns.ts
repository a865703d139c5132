/** Splits long work into turns of the event loop, so that other requests run in between. */
import { Problem } from './problem';

/** Work that may take long. It yields where it can pause, at least every few hundred microseconds. */
export type Work<Value> = Generator<void, Value, void>;

/** Time that all long work together may take in one event loop iteration. */
const turnMs = 4;

let endsAt = 0;
let isOpen = false;
const waiting: (() => void)[] = [];

/** End of the turn that all work in this event loop iteration shares. */
function endOfTurn(): number {
  if (!isOpen) openTurn();
  return endsAt;
}

function openTurn(): void {
  isOpen = true;
  endsAt = performance.now() + turnMs;
  setImmediate(closeTurn);
}

// Each iteration resumes one waiter, so that many long requests stall the loop no longer than one does.
function closeTurn(): void {
  isOpen = false;
  const next = waiting.shift();
  if (next === undefined) return;
  openTurn();
  next();
}

/** Resolves in a later event loop iteration, in the order of the calls. */
export function nextTurn(): Promise<void> {
  endOfTurn();
  return new Promise((resolve) => waiting.push(resolve));
}

/** Does work without pausing: for short work, or when nothing else waits. */
export function finish<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does work in turns. Returns the value directly if the work never yields, as for most requests.
 *
 * Throws what the work throws, and the problem `caller-gone` once `isGone` returns true.
 */
export function inTurns<Value>(work: Work<Value>, isGone: () => boolean = isNeverGone): Value | Promise<Value> {
  const step = work.next();
  return step.done === true ? step.value : resume(work, isGone);
}

const isNeverGone = () => false;

async function resume<Value>(work: Work<Value>, isGone: () => boolean): Promise<Value> {
  try {
    for (;;) {
      while (performance.now() < endOfTurn()) {
        const step = work.next();
        if (step.done === true) return step.value;
      }
      await nextTurn();
      if (isGone()) throw new Problem('caller-gone', 'The caller closed the connection.');
    }
  } finally {
    // Lets interrupted work clean up; does nothing if it has ended.
    work.return(undefined as Value);
  }
}
