/** The data plane: what protocols ask of a model, in instances and tensors, whatever carried the request. */
import type { Job, JobEvent } from '../model/batching/job';
import { type Outputs, predict } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import { inTurns } from '../turns';
import { type Explained, type ExplainRequest, explain } from './explanation/explain';

/** Who waits for an answer, and where the way of the request is noted. */
export interface Caller extends Pick<Job, 'isGone'> {
  readonly event: CallEvent;
}

export interface CallEvent extends JobEvent {
  /** Version of the model that answers. */
  version: string;
}

/** Instances as callers wrote them. */
export interface Instances {
  readonly instances: unknown;
  /** JSON Pointer to where they stand in the request. */
  readonly pointer: string;
}

export interface Predicted {
  readonly inputs: Tensors;
  readonly outputs: Outputs;
}

/** To be called before a request of `bytes` bytes is parsed. Throws the problem `overloaded` when its rows could not be taken. */
export function admit({ card, checkRoom }: Model, { event }: Caller, bytes: number): void {
  event.version = card.version;
  checkRoom(bytes);
}

/** Throws the problems of the instances, and what ended their rows. */
export async function predictInstances(
  model: Model,
  { instances, pointer }: Instances,
  caller: Caller,
): Promise<Predicted> {
  if (Array.isArray(instances)) model.checkRows(instances.length);
  const reading = inTurns(model.contract.readInstances(instances, pointer), caller.isGone);
  // Most are read at once, and an await would cost each of them.
  const inputs = reading instanceof Promise ? await reading : reading;
  return { inputs, outputs: await predict(model.submit, inputs, caller) };
}

export function predictTensors(model: Model, inputs: Tensors, caller: Caller): Promise<Outputs> {
  return predict(model.submit, inputs, caller);
}

/** Throws the problem `not-explainable` where the card has nothing to explain by, and those of the instances. */
export function explainInstances(model: Model, request: ExplainRequest, caller: Caller): Promise<Explained> {
  return explain(model, request, caller);
}
