/**
 * Keeps a thread from being ended inside ONNX Runtime: native code that cannot return to JavaScript aborts the process,
 * with `terminate called after throwing an instance of 'Napi::Error'` for its last words.
 */

/** A word of memory that both threads see: where the one that runs the model is. */
export type Gate = Int32Array<SharedArrayBuffer>;

const outside = 0;
const inside = 1;
const shut = 2;

export function createGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Does native work inside the gate. Never settles once the gate is shut: the thread is about to be ended. */
export async function workInside<Result>(gate: Gate, work: () => Promise<Result>): Promise<Result> {
  if (Atomics.compareExchange(gate, 0, outside, inside) !== outside) return new Promise(() => undefined);
  try {
    return await work();
  } finally {
    Atomics.store(gate, 0, outside);
    Atomics.notify(gate, 0);
  }
}

/** Waits until the thread has come out, for so long at most, and lets it in no more. Says whether it is out. Blocks this thread. */
export function shutGate(gate: Gate, patienceMs: number): boolean {
  const giveUpAt = performance.now() + patienceMs;
  while (Atomics.compareExchange(gate, 0, outside, shut) === inside) {
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0) return false;
    Atomics.wait(gate, 0, inside, leftMs);
  }
  return true;
}
