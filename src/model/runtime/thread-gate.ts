/**
 * Keeps a thread from being terminated inside ONNX Runtime: native code that cannot return to JavaScript aborts the
 * process with `terminate called after throwing an instance of 'Napi::Error'`.
 */

/** One shared word: whether the thread is inside native code. */
export type Gate = Int32Array<SharedArrayBuffer>;

const outside = 0;
const inside = 1;
const shut = 2;

export function createGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Runs native work inside the gate. Never settles once the gate is shut: the thread is about to be terminated. */
export async function workInside<Result>(gate: Gate, work: () => Promise<Result>): Promise<Result> {
  if (Atomics.compareExchange(gate, 0, outside, inside) !== outside) return new Promise(() => undefined);
  try {
    return await work();
  } finally {
    Atomics.store(gate, 0, outside);
    Atomics.notify(gate, 0);
  }
}

/** Waits up to `patienceMs` for the thread to leave, then keeps it out. Returns whether it left. Blocks this thread. */
export function shutGate(gate: Gate, patienceMs: number): boolean {
  const giveUpAt = performance.now() + patienceMs;
  while (Atomics.compareExchange(gate, 0, outside, shut) === inside) {
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0) return false;
    Atomics.wait(gate, 0, inside, leftMs);
  }
  return true;
}
