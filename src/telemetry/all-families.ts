/** Everything that is counted in this instance, as families of samples: `/metrics` and the exporter read the same list. */
import type { Model } from '../model/model';
import { driftFamilies } from './drift/drift-families';
import { droppedLines } from './log/output';
import { type Family, family, histogramFamily, joinFamilies, withLabels } from './metrics/families';
import type { ShadowReadings } from './metrics/shadow-counts';
import type { Readings, Sample } from './metrics/version-metrics';
import type { VersionCounts } from './version-counts';

/** What a host holds for requests at the moment. */
export interface HostReadings {
  /** Bodies, and answers that have not been read. */
  readonly bufferedBytes: number;
  /** Bodies in work, and those that wait for it. */
  readonly longBodies: number;
}

export interface Counted {
  /** The champion first. */
  readonly versions: readonly VersionCounts[];
  /** Requests not yet answered. */
  readonly inFlight: number;
  readonly hosts: readonly HostReadings[];
  readonly shadow: ShadowReadings | undefined;
  /** Delays of the event loop. */
  readonly lag: readonly Sample[];
}

export function readFamilies({ versions, inFlight, hosts, shadow, lag }: Counted): Family[] {
  const sum = (key: keyof HostReadings) => hosts.reduce((total, host) => total + host[key], 0);
  const ofVersions = versions.map(({ model, metrics, drift }, index) => {
    const readings = metrics.read();
    const role = index === 0 ? 'champion' : 'candidate';
    const families = [...ofRequests(readings), ...ofModel(readings, model, role), ...driftFamilies(drift().read())];
    return withLabels(families, { version: model.card.version });
  });
  return [
    gauge('predict_requests_in_flight', 'Requests not yet answered.', inFlight),
    gauge('predict_buffered_bytes', 'Long bodies, and long answers that have not been read.', sum('bufferedBytes')),
    gauge('predict_long_bodies', 'Long bodies in work, one at a time, and those that wait for it.', sum('longBodies')),
    ...joinFamilies(ofVersions),
    ...(shadow === undefined ? [] : ofShadow(shadow)),
    ...ofProcess(lag),
  ];
}

function ofRequests({ requests, problems, latency, wait }: Readings): Family[] {
  return [
    family('counter', 'predict_requests_total', 'Requests answered.', requests),
    family('counter', 'predict_problems_total', 'Requests answered with a problem.', problems),
    histogramFamily('predict_request_seconds', 'Time from the head of a prediction request to its answer.', latency),
    histogramFamily('predict_queue_wait_seconds', 'Time that a request waited for its first run.', wait),
  ];
}

function ofModel(readings: Readings, { card: { name }, ...model }: Model, role: string): Family[] {
  const loads = [
    { labels: { outcome: 'loaded' }, value: readings.loads },
    { labels: { outcome: 'failed' }, value: readings.failedLoads },
  ];
  const [threads, starting] = [model.threadCount(), model.startingThreadCount()];
  return [
    gauge('predict_queued_rows', 'Rows that wait for the model or are in it.', model.queuedRows()),
    histogramFamily('predict_run_rows', 'Rows of a model run.', readings.runRows),
    histogramFamily('predict_run_seconds', 'Time of a model run.', readings.runSeconds),
    family('counter', 'predict_predictions_total', 'Rows by predicted label.', readings.predictions),
    histogramFamily('predict_chosen_probability', 'Probability of the predicted label.', readings.shares),
    family('gauge', 'predict_model_info', 'The model that is served.', [{ labels: { name, role }, value: 1 }]),
    gauge('predict_model_ready', '1 once the model has repeated its golden samples.', Number(model.isLoaded())),
    gauge('predict_inference_threads', 'Threads that run the model; 0 when the event loop does.', threads),
    gauge('predict_inference_threads_starting', 'Threads that open the model, to run it from then on.', starting),
    family('counter', 'predict_model_loads_total', 'Times that the model was opened.', loads),
    gauge('predict_model_load_seconds', 'Time that the last opening took.', readings.loadSeconds),
    gauge(
      'predict_cold_start_seconds',
      'Time from the start of the process to its first prediction; 0 before.',
      readings.firstPredictionSeconds,
    ),
  ];
}

function ofShadow({ rows, difference }: ShadowReadings): Family[] {
  const outcomes = Object.entries(rows).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    family('counter', 'predict_shadow_rows_total', 'Rows of the champion that the candidate was to repeat.', outcomes),
    histogramFamily('predict_shadow_difference', 'Largest difference between the numbers of a row.', difference),
  ];
}

function ofProcess(lag: readonly Sample[]): Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const dropped = [...droppedLines()].map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    family('counter', 'predict_log_lines_dropped_total', 'Log lines that could not be written.', dropped),
    family('gauge', 'predict_event_loop_lag_seconds', 'Delay of the event loop since the last reading.', lag),
    gauge('process_resident_memory_bytes', 'Resident memory.', rss),
    gauge('nodejs_heap_used_bytes', 'JavaScript heap in use.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.', external),
    family('counter', 'process_cpu_seconds_total', 'CPU time.', [{ value: (user + system) / 1e6 }]),
    gauge('process_start_time_seconds', 'Start of the process, in Unix time.', performance.timeOrigin / 1_000),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  return family('gauge', name, help, [{ value }]);
}
