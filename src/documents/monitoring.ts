/** Monitoring endpoints: metrics in Prometheus text format or OpenMetrics, and drift. */
import { type HttpReply, type HttpRequest, jsonReply } from '../http/message';
import { expositionType, openMetricsType, toOpenMetrics, toText } from '../telemetry/metrics/exposition';
import type { Family } from '../telemetry/metrics/families';
import type { VersionCounts } from '../telemetry/version-counts';

const metricsHeaders = ['x-content-type-options', 'nosniff', 'vary', 'accept'];

/** In OpenMetrics for scrapers that ask for it, else in Prometheus text format. */
export function metricsReply(families: readonly Family[], { headers: { accept = '' } }: HttpRequest): HttpReply {
  const isOpen = /\bapplication\/openmetrics-text\b/i.test(accept);
  const [type, body] = isOpen ? [openMetricsType, toOpenMetrics(families)] : [expositionType, toText(families)];
  return { status: 200, headers: ['content-type', type, ...metricsHeaders], body };
}

export function driftReply({ model: { card }, drift }: VersionCounts): HttpReply {
  return jsonReply({ name: card.name, version: card.version, ...drift().read() });
}
