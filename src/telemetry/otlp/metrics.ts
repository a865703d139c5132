/** Metric families as OTLP JSON (opentelemetry-proto 1.x, `ExportMetricsServiceRequest`). */
import type { Family, LabelledHistogram } from '../metrics/families';
import type { Sample } from '../metrics/version-metrics';
import { type Resource, scope, toAttributes } from './resource';

/** `AGGREGATION_TEMPORALITY_CUMULATIVE`: counts since the start of the process. */
const cumulative = 2;

/** Start of counting and time of reading, in Unix nanoseconds. */
export interface Period {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export function toMetricsRequest(resource: Resource, families: readonly Family[], period: Period): object {
  const metrics = families.map((family) => toMetric(family, period)).filter((metric) => metric !== undefined);
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] };
}

function toMetric(family: Family, period: Period): object | undefined {
  const { name, help: description } = family;
  if (family.type === 'histogram') {
    const dataPoints = family.histograms.map((one) => toHistogramPoint(one, period));
    return { name, description, histogram: { dataPoints, aggregationTemporality: cumulative } };
  }
  // Metrics without data points are left out.
  if (family.samples.length === 0) return undefined;
  const dataPoints = family.samples.map((sample) => toPoint(sample, period));
  if (family.type === 'gauge') return { name, description, gauge: { dataPoints } };
  return { name, description, sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true } };
}

function toPoint({ labels = {}, value }: Sample, period: Period): object {
  return { ...period, attributes: toAttributes(labels), asDouble: value };
}

/** OTLP buckets count separately, Prometheus buckets cumulatively. */
function toHistogramPoint({ labels = {}, histogram }: LabelledHistogram, period: Period): object {
  const { bounds, counts, sum, count } = histogram;
  const upTo = counts();
  const bucketCounts = upTo.map((total, i) => String(total - (upTo[i - 1] ?? 0)));
  return {
    ...period,
    attributes: toAttributes(labels),
    count: String(count()),
    sum: sum(),
    bucketCounts,
    explicitBounds: bounds,
  };
}
