/** How many threads, each with its own session, fit into the container's memory. */
import { availableParallelism, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

export interface Memory {
  /** The container's limit, or the machine's memory. */
  readonly limitBytes: number;
  /** The limit of the JavaScript heap. */
  readonly heapBytes: number;
  /** Process size before the first session was opened. */
  readonly residentBytes: number;
  /** Growth caused by that session, including the runtime and what opening it took. */
  readonly sessionBytes: number;
}

/** Every thread has its own V8 instance. */
const threadBytes = 16 * 1024 * 1024;

export function readMemory(residentBytes: number): Memory {
  return {
    // Without a limit this is 0, or more than any machine has.
    limitBytes: Math.min(process.constrainedMemory() || totalmem(), totalmem()),
    heapBytes: getHeapStatistics().heap_size_limit,
    residentBytes,
    sessionBytes: process.memoryUsage.rss() - residentBytes,
  };
}

/** Up to one thread per core that fits beside the first session, which stays until they are open. Often 0. */
export function countThreads(weightBytes: number, memory: Memory, cores = availableParallelism()): number {
  const { limitBytes, heapBytes, residentBytes, sessionBytes } = memory;
  // Reused free pages hide a session's cost: it is never less than its weights.
  const session = Math.max(sessionBytes, weightBytes);
  const room = limitBytes - heapBytes - residentBytes - session;
  return Math.max(0, Math.min(cores, Math.floor(room / (session + threadBytes))));
}
