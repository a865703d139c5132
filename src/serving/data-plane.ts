/** The data plane: predicts and explains instances and tensors, independent of transport. */
import { NumberRows } from '../json/number-rows';
import type { Job, JobEvent } from '../model/batching/job';
import { type Outputs, predict } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import { inTurns } from '../turns';
import { type Explained, type ExplainRequest, explain } from './explanation/explain';

/** The caller, and the event that records the course of its request. */
export interface Caller extends Pick<Job, 'isGone'> {
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

/** Call before parsing a request of `bytes` bytes. Throws the problem `overloaded` if its rows would be refused. */
export function admit({ card, checkRoom }: Model, { event }: Caller, bytes: number): void {
  event.version = card.version;
  checkRoom(bytes);
}

/** Instances as tensors: at once for most requests, where a promise would cost each of them. Throws the problems of the instances. */
export function readInstances(
  model: Model,
  { instances, pointer }: Instances,
  { isGone }: Caller,
): Tensors | Promise<Tensors> {
  if (Array.isArray(instances)) model.checkRows(instances.length);
  else if (instances instanceof NumberRows) {
    model.checkRows(instances.rows);
    return { rows: instances.rows, data: [instances.data] };
  }
  return inTurns(model.contract.readInstances(instances, pointer), isGone);
}

/** Rejects with whatever ended the run of the rows. */
export function predictTensors(model: Model, inputs: Tensors, caller: Caller): Promise<Outputs> {
  return predict(model.submit, inputs, caller);
}

/** Throws the problem `not-explainable` if the card lacks what explanations need, and the problems of the instances. */
export function explainInstances(model: Model, request: ExplainRequest, caller: Caller): Promise<Explained> {
  return explain(model, request, caller);
}
