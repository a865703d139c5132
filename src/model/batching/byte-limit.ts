/** Bounds the bytes of the tensors in the queue: a row may be four numbers or an image of megabytes. */
import { Problem } from '../../problem';
import type { QueuedJob } from './queued-job';

export interface ByteLimit {
  /** Throws `overloaded` when so many bytes more would exceed the limit. A job that finds nothing queued may exceed it. */
  checkRoom(bytes: number): void;
  /** Counts a job whole while rows of it have no results, since its tensors stay until then. */
  recount(queued: QueuedJob): void;
}

export function createByteLimit(maxQueuedBytes: number): ByteLimit {
  let queuedBytes = 0;

  function checkRoom(bytes: number): void {
    if (queuedBytes === 0 || queuedBytes + bytes <= maxQueuedBytes) return;
    const detail = `${queuedBytes} bytes of rows are queued: no room for those of this request (limit ${maxQueuedBytes}). Retry in 1 s.`;
    throw new Problem('overloaded', detail, { retryAfterSeconds: 1 });
  }

  function recount(queued: QueuedJob): void {
    const bytes = queued.rest === 0 ? 0 : queued.bytes;
    queuedBytes += bytes - queued.countedBytes;
    queued.countedBytes = bytes;
  }

  return { checkRoom, recount };
}
