/** What is counted of one version of the model: its requests and runs, its predictions, and how far its rows are from the training. */
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

export function countVersion(model: Model): VersionCounts {
  const { card } = model;
  const metrics = createMetrics();
  const countPredictions = createPredictionCounter(card, metrics);
  let known: Drift | undefined;

  // Made with the first rows: no start waits for it.
  function drift(): Drift {
    known ??= createDrift(card);
    return known;
  }

  model.observe({
    loaded: metrics.modelLoaded,
    loadFailed(failure) {
      metrics.modelFailedToLoad();
      logEvent('ERROR', `Version ${card.version} of the model could not be loaded.`, failure);
    },
    threadsFailed(failure) {
      logEvent('ERROR', 'The model runs in the event loop, because its threads could not be started.', failure);
    },
    faulted(failure) {
      logEvent('ERROR', 'A part of the server failed where no caller waits for it.', failure);
    },
    ran(inputs, outputs, seconds) {
      metrics.modelRan(outputs.rows, seconds);
      countPredictions(outputs);
      drift().count(inputs, outputs);
    },
  });
  return { model, metrics, drift };
}
