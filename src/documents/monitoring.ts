/** Monitoring endpoints: metrics in Prometheus text format, and drift. */
import { type HttpReply, jsonReply } from '../http/message';
import { expositionType, toText } from '../telemetry/metrics/exposition';
import type { Family } from '../telemetry/metrics/families';
import type { VersionCounts } from '../telemetry/version-counts';

const metricsHeaders = ['content-type', expositionType, 'x-content-type-options', 'nosniff'];

export function metricsReply(families: readonly Family[]): HttpReply {
  return { status: 200, headers: metricsHeaders, body: toText(families) };
}

export function driftReply({ model: { card }, drift }: VersionCounts): HttpReply {
  return jsonReply({ name: card.name, version: card.version, ...drift().read() });
}
