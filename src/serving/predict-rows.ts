/** Predicts rows of features, and keeps them with their outputs for a request that is captured. */
import { type Outputs, predict } from '../model/batching/predict';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import type { Caller, Predicted } from './caller';

export function predictRows(model: Model, inputs: Tensors, caller: Caller): Promise<Outputs> {
  const { predicted } = caller.event;
  const predicting = predict(model.submit, inputs, caller);
  return predicted === undefined ? predicting : keep(predicted, model, inputs, caller, predicting);
}

async function keep(
  predicted: Predicted[],
  model: Model,
  inputs: Tensors,
  { event }: Caller,
  predicting: Promise<Outputs>,
): Promise<Outputs> {
  const outputs = await predicting;
  predicted.push({ id: event.predictionId, model, inputs, outputs });
  return outputs;
}
