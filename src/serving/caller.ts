/** Who asks the data plane, and for what. */
import type { Job, JobEvent } from '../model/batching/job';

/** The caller, and the event that records the course of its request. */
export interface Caller extends Pick<Job, 'isGone' | 'expiresAt'> {
  readonly event: CallEvent;
}

export interface CallEvent extends JobEvent {
  /** Version of the answering model. */
  version: string;
}

/** Instances as the caller sent them, or rows of numbers that were read for this very model. */
export interface Instances {
  readonly instances: unknown;
  /** JSON Pointer to the instances in the request. */
  readonly pointer: string;
}
