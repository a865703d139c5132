/** `GET /metrics`: the counts of this instance in Prometheus' text format. */

import type { HttpReply } from '../http/message';
import type { Model } from '../model/model';
import type { DriftReadings } from '../telemetry/drift-readings';
import { createEventLoopLag } from '../telemetry/event-loop-lag';
import { expositionType, toText } from '../telemetry/exposition';
import { type Family, family, histogramFamily } from '../telemetry/families';
import type { Readings, Sample } from '../telemetry/metrics';
import { driftFamilies } from './drift';

const headers = ['content-type', expositionType, 'x-content-type-options', 'nosniff'];
const eventLoopLag = createEventLoopLag();

export function metricsReply(readings: Readings, drift: DriftReadings, model: Model): HttpReply {
  return { status: 200, headers, body: toText(readFamilies(readings, drift, model)) };
}

export function readFamilies(readings: Readings, drift: DriftReadings, model: Model): Family[] {
  return [...ofRequests(readings), ...ofModel(readings, model), ...driftFamilies(drift), ...ofProcess()];
}

function ofRequests({ requests, problems, inFlight, latency, wait }: Readings): Family[] {
  return [
    family('counter', 'predict_requests_total', 'Requests answered.', requests),
    family('counter', 'predict_problems_total', 'Requests answered with a problem.', problems),
    gauge('predict_requests_in_flight', 'Requests not yet answered.', inFlight),
    histogramFamily('predict_request_seconds', 'Time from the head of a prediction request to its answer.', latency),
    histogramFamily('predict_queue_wait_seconds', 'Time that a request waited for its first run.', wait),
  ];
}

function ofModel(readings: Readings, { card: { name, version }, queuedRows, isLoaded, threadCount }: Model): Family[] {
  const loads = [
    { labels: { outcome: 'loaded' }, value: readings.loads },
    { labels: { outcome: 'failed' }, value: readings.failedLoads },
  ];
  const info = [{ labels: { name, version }, value: 1 }];
  return [
    gauge('predict_queued_rows', 'Rows that wait for the model or are in it.', queuedRows()),
    histogramFamily('predict_run_rows', 'Rows of a model run.', readings.runRows),
    histogramFamily('predict_run_seconds', 'Time of a model run.', readings.runSeconds),
    family('counter', 'predict_predictions_total', 'Rows by predicted label.', readings.predictions),
    histogramFamily('predict_chosen_probability', 'Probability of the predicted label.', readings.shares),
    family('gauge', 'predict_model_info', 'The model that is served.', info),
    gauge('predict_model_ready', '1 once the model has repeated its golden samples.', Number(isLoaded())),
    gauge('predict_inference_threads', 'Threads that run the model; 0 when the event loop does.', threadCount()),
    family('counter', 'predict_model_loads_total', 'Times that the model was opened.', loads),
    gauge('predict_model_load_seconds', 'Time that the last opening took.', readings.loadSeconds),
    gauge(
      'predict_cold_start_seconds',
      'Time from the start of the process to its first prediction; 0 before.',
      readings.firstPredictionSeconds,
    ),
  ];
}

function ofProcess(): Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const lag: Sample[] = eventLoopLag.read();
  return [
    family('gauge', 'predict_event_loop_lag_seconds', 'Delay of the event loop since the last scrape.', lag),
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
