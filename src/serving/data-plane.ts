/** The data plane: predicts and explains instances and tensors, independent of transport. */
import { NumberRows } from '../json/number-rows';
import type { Outputs } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import { inTurns } from '../turns';
import type { Caller, Instances } from './caller';
import { type Explained, type ExplainRequest, explain } from './explanation/explain';
import type { OuterInputs } from './outer-inputs';
import { predictRows } from './predict-rows';

// Loaded for models with hooks.
const loadHooked = () => require('./hooked') as typeof import('./hooked');

/** What instances are read to: tensors, or what hooks are to make tensors of. */
export type Inputs = Tensors | OuterInputs;

/** Call before parsing a request of `bytes` bytes. Throws the problem `overloaded` if its rows would be refused. */
export function admit({ card, checkRoom }: Model, { event }: Caller, bytes: number): void {
  event.version = card.version;
  checkRoom(bytes);
}

/** Instances as tensors: at once for most requests, where a promise would cost each of them. Throws the problems of the instances. */
export function readInstances(model: Model, instances: Instances, caller: Caller): Inputs | Promise<Inputs> {
  if (model.hooked === undefined) return readFeatures(model, instances, caller);
  return loadHooked().readOuter(model, model.hooked, instances, caller);
}

/** The same for features, which no hook makes. */
export function readFeatures(
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

/** Rejects with whatever ended the run of the rows. What hooks make of the outputs is answers, as `answerWriters` writes them. */
export function predictTensors(model: Model, inputs: Inputs, caller: Caller): Promise<Outputs> {
  if ('hooked' in inputs) return loadHooked().predictOuter(model, inputs, caller);
  return predictRows(model, inputs, caller);
}

/** Throws the problem `not-explainable` if the card lacks what explanations need, and the problems of the instances. */
export function explainInstances(model: Model, request: ExplainRequest, caller: Caller): Promise<Explained> {
  return explain(model, request, caller);
}
