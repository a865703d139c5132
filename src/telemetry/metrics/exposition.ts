/** Metric families in Prometheus text format, version 0.0.4. */
import type { Family, LabelledHistogram } from './families';
import type { Sample } from './version-metrics';

type Labels = NonNullable<Sample['labels']>;

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

export function toText(families: readonly Family[]): string {
  return families.map(familyToText).join('');
}

function familyToText(family: Family): string {
  const { type, name, help } = family;
  if (type === 'histogram')
    return head(type, name, help) + family.histograms.map((one) => histogramToText(name, one)).join('');
  return head(type, name, help) + family.samples.map(({ labels, value }) => line(name, labels, value)).join('');
}

function histogramToText(name: string, { labels = {}, histogram: { bounds, counts, sum } }: LabelledHistogram): string {
  const cumulative = counts();
  const buckets = cumulative.map((count, i) => {
    const bound = bounds[i];
    return line(`${name}_bucket`, { ...labels, le: bound === undefined ? '+Inf' : String(bound) }, count);
  });
  const total = cumulative.at(-1) ?? 0;
  return buckets.join('') + line(`${name}_sum`, labels, sum()) + line(`${name}_count`, labels, total);
}

function head(type: string, name: string, help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Labels = {}, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value === Infinity ? '+Inf' : value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
