/** Who asks the data plane, and for what. */
import type { Job, JobEvent } from '../model/batching/job';
import type { Outputs } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';

/** The caller, and the event that records the course of its request. */
export interface Caller extends Pick<Job, 'isGone' | 'expiresAt'> {
  readonly event: CallEvent;
}

export interface CallEvent extends JobEvent {
  /** Version of the answering model. */
  version: string;
  /** The id under which feedback finds the predictions. */
  readonly predictionId?: string | undefined;
  /** Collects what was predicted, for a request that is captured. */
  readonly predicted?: Predicted[] | undefined;
  /** Whether its rows are made up, as those of a curve: neither counted nor captured. */
  readonly explores?: boolean;
}

/** Rows that were answered: features, and what the model made of them. */
export interface Predicted {
  readonly id: string | undefined;
  readonly model: Model;
  readonly inputs: Tensors;
  readonly outputs: Outputs;
}

/** Instances as the caller sent them, or rows of numbers that were read for this very model. */
export interface Instances {
  readonly instances: unknown;
  /** JSON Pointer to the instances in the request. */
  readonly pointer: string;
}
