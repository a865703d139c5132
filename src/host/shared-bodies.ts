/** What the bodies of all connections share: their memory, and the queue of the long ones. */
import { type BodyBudget, createBodyBudget } from './body-budget';
import { createSerialQueue, type SerialQueue } from './serial-queue';

export interface SharedBodies {
  readonly budget: BodyBudget;
  readonly longBodies: SerialQueue;
}

export interface SharedOptions {
  /** Bytes of all request bodies being handled. */
  readonly maxBufferedBytes: number;
  readonly maxBodyBytes: number;
}

export function createSharedBodies({ maxBufferedBytes, maxBodyBytes }: SharedOptions): SharedBodies {
  // One body always fits, whatever the settings.
  return { budget: createBodyBudget(Math.max(maxBufferedBytes, maxBodyBytes)), longBodies: createSerialQueue() };
}
