/** Calls a hook for each of several instances, a few at once, each with a deadline. */
import { type Fault, Problem, toError } from '../../problem';
import { nextTurn } from '../../turns';
import { invalidInput } from '../instances/contract';
import { maxFaults } from '../instances/faults';

export interface Calls {
  /** For messages: before or after. */
  readonly name: string;
  readonly count: number;
  readonly timeoutMs: number;
  call(index: number): unknown;
  /** JSON Pointer to an instance in the request. */
  pointerOf(index: number): string;
  /** Whether nobody waits for the results any more. */
  isGone(): boolean;
  /** Told how long a call took, with what it waited for, also when it failed. Must not throw. */
  ended(seconds: number): void;
}

/** Hooks that wait for something, such as a download, wait together. */
export const callsAtOnce = 16;
/** How long hooks that do not wait keep other requests waiting. */
const turnMs = 4;
/** Of what a hook says of an instance. */
const longestDetail = 300;

/** The results in order. Rejects with the problem `invalid-input`, `deadline-exceeded`, or an error of the hook's own. */
export async function callHooks(calls: Calls): Promise<readonly unknown[]> {
  const { count } = calls;
  const results: unknown[] = new Array(count);
  const faults = new Map<number, Fault>();
  let next = 0;
  let hasFailed = false;

  const isOver = () => next >= count || hasFailed || faults.size >= maxFaults || calls.isGone();

  async function work(): Promise<void> {
    let turnEnds = performance.now() + turnMs;
    while (!isOver()) {
      const index = next++;
      await one(index);
      if (performance.now() < turnEnds) continue;
      await nextTurn();
      turnEnds = performance.now() + turnMs;
    }
  }

  async function one(index: number): Promise<void> {
    const startedAt = performance.now();
    try {
      const result = calls.call(index);
      results[index] = isPromise(result) ? await withDeadline(result, calls) : result;
    } catch (failure) {
      const fault = toFault(failure, calls.pointerOf(index));
      if (fault === undefined) {
        hasFailed = true;
        throw failure instanceof Problem ? failure : new HookFailure(calls.name, failure);
      }
      faults.set(index, fault);
    } finally {
      calls.ended((performance.now() - startedAt) / 1_000);
    }
  }

  await Promise.all(Array.from({ length: Math.min(callsAtOnce, count) }, work));
  if (calls.isGone()) throw new Problem('caller-gone', 'The caller closed the connection.');
  const found = Array.from(faults).sort(([first], [second]) => first - second);
  if (found.length > 0) throw invalidInput(found.slice(0, maxFaults).map(([, fault]) => fault));
  return results;
}

/** For the log: callers get a problem without it. */
class HookFailure extends Error {
  constructor(name: string, cause: unknown) {
    super(`The hook "${name}" failed: ${toError(cause).message}`, { cause });
    // The log prints the stack of the cause, where the hook's own lines are.
    this.stack = this.message;
  }
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

async function withDeadline(result: Promise<unknown>, { name, timeoutMs }: Calls): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise((_, reject) => {
    const detail = `Expected the hook "${name}" to answer within ${timeoutMs} ms, got nothing.`;
    const end = () => reject(new Problem('deadline-exceeded', detail));
    // A turn later: what came while the event loop was busy, and waits to be delivered, is in time.
    timer = setTimeout(() => setImmediate(end), timeoutMs);
  });
  try {
    return await Promise.race([result, ended]);
  } finally {
    clearTimeout(timer);
  }
}

/** The fault of an `InputError`, by its name: the class that hooks import is not the one of this bundle. */
function toFault(failure: unknown, pointer: string): Fault | undefined {
  if (!(failure instanceof Error) || failure.name !== 'InputError') return undefined;
  const { pointer: within, message } = failure as { readonly pointer?: unknown; readonly message: string };
  const detail = message.length <= longestDetail ? message : `${message.slice(0, longestDetail)}…`;
  return { pointer: pointer + toPointer(within), detail };
}

function toPointer(within: unknown): string {
  if (typeof within !== 'string' || within === '') return '';
  return within.startsWith('/') ? within : `/${within}`;
}
