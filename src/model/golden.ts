/** Holds a run of the model against the golden samples: what its trainer's library answered for the same instances. */
import { finish } from '../turns';
import type { Card } from './card';
import type { Contract } from './contract';
import type { PredictionWriters } from './prediction';
import { isSamePrediction, type Sample } from './samples';
import type { Tensors } from './tensors';

/** The samples' instances in the model's tensors. Throws the problem of samples that do not match the card. */
export function toSampleRows(samples: readonly Sample[], contract: Contract): Tensors {
  const instances = samples.map(({ instance }) => instance);
  return finish(contract.readInstances(instances, '/samples'));
}

/** Throws an error that shows the first sample whose prediction is another. */
export function checkSamples(samples: readonly Sample[], outputs: Tensors, write: PredictionWriters, card: Card): void {
  for (const [row, { instance, prediction }] of samples.entries()) {
    const answer = write.prediction(outputs, row);
    if (isSamePrediction(prediction, JSON.parse(answer), card.tolerance)) continue;
    throw new Error(
      `For the golden sample ${JSON.stringify(instance)} the model answers ${answer}, its trainer ${JSON.stringify(prediction)}.`,
    );
  }
}
