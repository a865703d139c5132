/** How many threads the memory of the container has room for, each with a session of its own. */
import { availableParallelism, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

export interface Memory {
  /** What the container may have, or the machine has. */
  readonly limitBytes: number;
  /** What JavaScript may grow to. */
  readonly heapBytes: number;
  /** What the process had before it opened its first session. */
  readonly residentBytes: number;
  /** By how much that session has made it grow, its runtime and what it needed to open included. */
  readonly sessionBytes: number;
}

/** A thread is an instance of V8, too. */
const threadBytes = 16 * 1024 * 1024;

export function readMemory(residentBytes: number): Memory {
  return {
    // Where there is no limit this is 0, or more than any machine has.
    limitBytes: Math.min(process.constrainedMemory() || totalmem(), totalmem()),
    heapBytes: getHeapStatistics().heap_size_limit,
    residentBytes,
    sessionBytes: process.memoryUsage.rss() - residentBytes,
  };
}

/** As many as there are cores, or as have room beside the first session, which stays until they are open; often none. */
export function countThreads(weightBytes: number, memory: Memory, cores = availableParallelism()): number {
  const { limitBytes, heapBytes, residentBytes, sessionBytes } = memory;
  // Pages that were free already hide what a session takes: it is never less than its weights.
  const session = Math.max(sessionBytes, weightBytes);
  const room = limitBytes - heapBytes - residentBytes - session;
  return Math.max(0, Math.min(cores, Math.floor(room / (session + threadBytes))));
}
