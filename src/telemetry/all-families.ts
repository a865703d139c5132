/** Every metric of this instance, as one list that both `/metrics` and the exporter read. */
import type { SinkReadings } from '../capture/sink';
import { readCodeCacheState } from '../code-cache';
import type { Model } from '../model/model';
import { driftFamilies } from './drift/drift-families';
import { droppedLines } from './log/output';
import { type Family, family, histogramFamily, joinFamilies, withLabels } from './metrics/families';
import type { ShadowReadings } from './metrics/shadow-counts';
import type { Readings, Sample } from './metrics/version-metrics';
import type { VersionCounts } from './version-counts';

/** What a host currently holds for requests. */
export interface HostReadings {
  /** Buffered bytes of long bodies and unread replies. */
  readonly bufferedBytes: number;
  /** Long bodies being processed or waiting for their turn. */
  readonly longBodies: number;
}

export interface Counted {
  /** The champion's first. */
  readonly versions: readonly VersionCounts[];
  /** Requests without a reply yet. */
  readonly inFlight: number;
  readonly hosts: readonly HostReadings[];
  readonly shadow: ShadowReadings | undefined;
  readonly capture: SinkReadings | undefined;
  /** Event loop delays. */
  readonly lag: readonly Sample[];
}

export function readFamilies({ versions, inFlight, hosts, shadow, capture, lag }: Counted): Family[] {
  const sum = (key: keyof HostReadings) => hosts.reduce((total, host) => total + host[key], 0);
  const ofVersions = versions.map(({ model, metrics, drift }, index) => {
    const readings = metrics.read();
    const role = index === 0 ? 'champion' : 'candidate';
    const families = [...ofRequests(readings), ...ofModel(readings, model, role), ...driftFamilies(drift().read())];
    return withLabels(families, { version: model.card.version });
  });
  return [
    gauge('predict_requests_in_flight', 'Requests in flight.', inFlight),
    gauge('predict_buffered_bytes', 'Bytes buffered for long request bodies and unread replies.', sum('bufferedBytes')),
    gauge('predict_long_bodies', 'Long request bodies in progress, one at a time, or waiting.', sum('longBodies')),
    ...joinFamilies(ofVersions),
    ...(shadow === undefined ? [] : ofShadow(shadow)),
    ...(capture === undefined ? [] : ofCapture(capture)),
    ...ofProcess(lag),
  ];
}

function ofRequests({ requests, problems, latency, wait }: Readings): Family[] {
  return [
    family('counter', 'predict_requests_total', 'Requests answered.', requests),
    family('counter', 'predict_problems_total', 'Requests answered with a problem.', problems),
    histogramFamily('predict_request_seconds', 'Time from the headers of a prediction request to its reply.', latency),
    histogramFamily('predict_queue_wait_seconds', 'Time a request waited for its first model run.', wait),
  ];
}

function ofModel(readings: Readings, { card: { name }, ...model }: Model, role: string): Family[] {
  const loads = [
    { labels: { outcome: 'loaded' }, value: readings.loads },
    { labels: { outcome: 'failed' }, value: readings.failedLoads },
  ];
  const [threads, starting] = [model.threadCount(), model.startingThreadCount()];
  return [
    gauge('predict_queued_rows', 'Rows queued or running.', model.queuedRows()),
    histogramFamily('predict_run_rows', 'Rows per model run.', readings.runRows),
    histogramFamily('predict_run_seconds', 'Duration of a model run.', readings.runSeconds),
    ...ofHooks(readings),
    family('counter', 'predict_predictions_total', 'Rows by predicted label.', readings.predictions),
    histogramFamily('predict_chosen_probability', 'Probability of the predicted label.', readings.shares),
    family('gauge', 'predict_model_info', 'The served model; always 1.', [{ labels: { name, role }, value: 1 }]),
    gauge('predict_model_ready', '1 once the model has reproduced its golden samples.', Number(model.isLoaded())),
    gauge('predict_inference_threads', 'Threads that run the model; 0 if the event loop runs it.', threads),
    gauge('predict_inference_threads_starting', 'Threads still loading the model.', starting),
    family('counter', 'predict_model_loads_total', 'Model loads.', loads),
    gauge('predict_model_load_seconds', 'Duration of the last model load.', readings.loadSeconds),
    gauge(
      'predict_cold_start_seconds',
      'Time from process start to the first prediction; 0 before it.',
      readings.firstPredictionSeconds,
    ),
  ];
}

/** Nothing for a model without hooks. */
function ofHooks({ hookSeconds }: Readings): Family[] {
  if (hookSeconds.size === 0) return [];
  const histograms = Array.from(hookSeconds, ([hook, histogram]) => ({ labels: { hook }, histogram }));
  const help = 'Duration of a hook for one instance, with what it waited for.';
  return [{ type: 'histogram', name: 'predict_hook_seconds', help, histograms }];
}

function ofShadow({ rows, difference }: ShadowReadings): Family[] {
  const outcomes = Object.entries(rows).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    family('counter', 'predict_shadow_rows_total', 'Champion rows for the candidate to repeat, by outcome.', outcomes),
    histogramFamily('predict_shadow_difference', 'Largest difference between the numbers of a row.', difference),
  ];
}

function ofCapture({ writtenRows, lost, waiting, deletedBytes }: SinkReadings): Family[] {
  const losses = [...lost].map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    family('counter', 'predict_captured_rows_total', 'Captured rows and feedback written.', [{ value: writtenRows }]),
    family('counter', 'predict_capture_lost_rows_total', 'Captured rows and feedback lost, by reason.', losses),
    gauge('predict_capture_waiting_bytes', 'Captures that wait to be written.', waiting),
    family('counter', 'predict_capture_deleted_bytes_total', 'Old captures deleted to make room.', [
      { value: deletedBytes },
    ]),
  ];
}

function ofProcess(lag: readonly Sample[]): Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const codeCache = readCodeCacheState();
  const dropped = [...droppedLines()].map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    family('counter', 'predict_log_lines_dropped_total', 'Log lines dropped because standard output failed.', dropped),
    family('gauge', 'predict_event_loop_lag_seconds', 'Event loop delay since the last reading.', lag),
    ...(codeCache === undefined
      ? []
      : [
          gauge(
            'predict_compile_cache_accepted',
            '1 if V8 took the code that the build compiled.',
            Number(codeCache === 'accepted'),
          ),
        ]),
    gauge('process_resident_memory_bytes', 'Resident memory size.', rss),
    gauge('nodejs_heap_used_bytes', 'JavaScript heap used.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.', external),
    family('counter', 'process_cpu_seconds_total', 'User and system CPU time.', [{ value: (user + system) / 1e6 }]),
    gauge('process_start_time_seconds', 'Process start in Unix time.', performance.timeOrigin / 1_000),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  return family('gauge', name, help, [{ value }]);
}
