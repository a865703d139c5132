/** Metrics of one model version: requests, runs, predictions and drift. */
import type { Model } from '../model/model';
import { createDrift, type Drift } from './drift/drift';
import { logEvent } from './log/log';
import { createPredictionCounter } from './metrics/prediction-counts';
import { createMetrics, type Metrics } from './metrics/version-metrics';

export interface VersionCounts {
  readonly model: Model;
  readonly metrics: Metrics;
  drift(): Drift;
}

/** The drift of each model that has had rows. */
const drifts = new WeakMap<Model, Drift>();

/** Undefined before the first rows. */
export const driftOf = (model: Model): Drift | undefined => drifts.get(model);

export function countVersion(model: Model): VersionCounts {
  const { card } = model;
  const metrics = createMetrics();
  const countPredictions = createPredictionCounter(card, metrics);
  let known: Drift | undefined;

  // Created with the first rows, to keep it out of the cold start.
  function drift(): Drift {
    if (known !== undefined) return known;
    known = createDrift(card);
    drifts.set(model, known);
    return known;
  }

  model.observe({
    loaded: metrics.modelLoaded,
    loadFailed(failure) {
      metrics.modelFailedToLoad();
      logEvent('ERROR', `Version ${card.version} of the model could not be loaded.`, failure);
    },
    threadsFailed(failure) {
      logEvent('ERROR', 'Inference threads could not be started; the model runs in the event loop.', failure);
    },
    faulted(failure) {
      logEvent('ERROR', 'A background task failed.', failure);
    },
    hookCalled: metrics.hookCalled,
    ran(inputs, outputs, seconds) {
      metrics.modelRan(outputs.rows, seconds);
      countPredictions(outputs);
      drift().count(inputs, outputs);
    },
  });
  return { model, metrics, drift };
}
