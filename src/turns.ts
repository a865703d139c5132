/** Long work in turns of the event loop: it stops where it may, and goes on once others have had their turn. */
import { Problem } from './problem';

/** Work that may take long. It yields wherever it can be interrupted, every few hundred microseconds at the latest. */
export type Work<Value> = Generator<void, Value, void>;

/** What all long work together may take of one iteration of the event loop. */
const turnMs = 4;

let endsAt = 0;
let isOpen = false;
const waiting: (() => void)[] = [];

/** When the turn ends that all work of this iteration of the event loop shares. */
function endOfTurn(): number {
  if (!isOpen) openTurn();
  return endsAt;
}

function openTurn(): void {
  isOpen = true;
  endsAt = performance.now() + turnMs;
  setImmediate(closeTurn);
}

// Of those that wait, one goes on in each iteration: many long requests stall nobody for longer than one does.
function closeTurn(): void {
  isOpen = false;
  const next = waiting.shift();
  if (next === undefined) return;
  openTurn();
  next();
}

/** Resolves in a later iteration of the event loop, when those that asked before have had theirs. */
export function nextTurn(): Promise<void> {
  endOfTurn();
  return new Promise((resolve) => waiting.push(resolve));
}

/** Does work without a break: for what is known to be short, and for those who keep nobody waiting. */
export function finish<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does work in turns. The value comes at once where the work ends before it yields, as that of most requests does.
 *
 * Throws what the work throws, and the problem `caller-gone` once `isGone` says that nobody waits for it any more.
 */
export function inTurns<Value>(work: Work<Value>, isGone: () => boolean = isWaited): Value | Promise<Value> {
  const step = work.next();
  return step.done === true ? step.value : goOn(work, isGone);
}

const isWaited = () => false;

async function goOn<Value>(work: Work<Value>, isGone: () => boolean): Promise<Value> {
  try {
    for (;;) {
      while (performance.now() < endOfTurn()) {
        const step = work.next();
        if (step.done === true) return step.value;
      }
      await nextTurn();
      if (isGone()) throw new Problem('caller-gone', 'Nobody waits for the answer any more.');
    }
  } finally {
    // Nothing happens where the work has ended.
    work.return(undefined as Value);
  }
}
