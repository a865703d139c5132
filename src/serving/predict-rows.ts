/** Predicts rows of features, and keeps them with their outputs for a request that is captured. Rows that explore are seen by nobody else. */
import { type Outputs, predict } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import type { Caller } from './caller';

export function predictRows(model: Model, inputs: Tensors, caller: Caller): Promise<Outputs> {
  const { event } = caller;
  const { predicted, explores } = event;
  if (explores) return predict(model.explore, inputs, caller);
  if (predicted === undefined) return predict(model.submit, inputs, caller);
  // Not behind the promise: one more would cost each captured request a turn.
  return predict(
    model.submit,
    inputs,
    caller,
    (outputs) => void predicted.push({ id: event.predictionId, model, inputs, outputs }),
  );
}
