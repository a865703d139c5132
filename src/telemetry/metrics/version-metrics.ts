/** Counts requests, runs and predictions of one model version in this instance. */
import type { RequestEvent } from '../../http/request-event';
import type { HookName } from '../../model/hooks/exchange';
import { createHistogram, type Histogram } from './histogram';
import { createInferenceTimes } from './inference-times';

const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const rowBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const shareBounds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

export type Metrics = ReturnType<typeof createMetrics>;
/** Current counts; times in seconds. */
export type Readings = ReturnType<Metrics['read']>;

/** Counts by combination of label values. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export function createMetrics() {
  const requests = createCounter('route', 'protocol', 'status');
  const problems = createCounter('type');
  const labels = createCounter('label');
  const latency = createHistogram(latencyBounds);
  const wait = createHistogram(latencyBounds);
  const inferences = createInferenceTimes();
  const runRows = createHistogram(rowBounds);
  const runSeconds = createHistogram(latencyBounds);
  const shares = createHistogram(shareBounds);
  /** Of hooks that have been called. */
  const hookSeconds = new Map<HookName, Histogram>();
  let loads = 0;
  let failedLoads = 0;
  let loadSeconds = 0;
  let firstPredictionSeconds = 0;

  function requestEnded(event: RequestEvent, status: number, endedAt: number): void {
    requests.add(event.route, event.protocol, String(status));
    if (event.runAt !== 0) {
      latency.observe((endedAt - event.startedAt) / 1_000);
      wait.observe((event.runAt - event.queuedAt) / 1_000);
    }
    // Other requests do not involve a model.
    if (event.version !== '') inferences.ended(event, endedAt);
    if (event.problem !== undefined) problems.add(event.problem);
    else if (firstPredictionSeconds === 0 && event.runAt !== 0) firstPredictionSeconds = endedAt / 1_000;
  }

  return {
    requestEnded,
    modelRan(rows: number, seconds: number): void {
      runRows.observe(rows);
      runSeconds.observe(seconds);
    },
    hookCalled(hook: HookName, seconds: number): void {
      const known = hookSeconds.get(hook) ?? createHistogram(latencyBounds);
      hookSeconds.set(hook, known);
      known.observe(seconds);
    },
    modelLoaded(seconds: number): void {
      loads++;
      loadSeconds = seconds;
    },
    modelFailedToLoad: () => {
      failedLoads++;
    },
    /** A row's label, and its probability if the model gives one. */
    predicted(label: string, share: number | undefined): void {
      labels.add(label);
      if (share !== undefined) shares.observe(share);
    },
    read: () => ({
      requests: requests.samples(),
      problems: problems.samples(),
      predictions: labels.samples(),
      latency,
      wait,
      inferences: inferences.read(),
      runRows,
      runSeconds,
      hookSeconds,
      shares,
      loads,
      failedLoads,
      loadSeconds,
      firstPredictionSeconds,
    }),
  };
}

interface Count {
  readonly values: readonly string[];
  count: number;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** Counts each combination of label values that occurs. */
function createCounter(...names: readonly string[]) {
  const counts = new Map<string, Count>();
  let last: Count | undefined;

  return {
    add(...values: readonly string[]): void {
      // Most requests have the same labels as the one before.
      if (last === undefined || !isSame(last.values, values)) {
        const key = values.join('\n');
        last = counts.get(key) ?? { values, count: 0 };
        counts.set(key, last);
      }
      last.count++;
    },

    samples: (): Sample[] =>
      [...counts.values()].map(({ values, count }) => ({
        labels: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])),
        value: count,
      })),
  };
}
