/** Metric families as text: Prometheus' format, version 0.0.4, and OpenMetrics 1.0. */
import type { Family, LabelledHistogram } from './families';
import type { Sample } from './version-metrics';

type Labels = NonNullable<Sample['labels']>;

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export function toText(families: readonly Family[]): string {
  return families.map((family) => familyToText(family)).join('');
}

/** Counters are named without their suffix, bounds are decimals, and the end is marked, so that a cut answer is noticed. */
export function toOpenMetrics(families: readonly Family[]): string {
  return `${families.map((family) => familyToText(family, true)).join('')}# EOF\n`;
}

function familyToText(family: Family, isOpen = false): string {
  const { type, help } = family;
  const name = isOpen && type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  if (type === 'histogram')
    return head(type, name, help, isOpen) + family.histograms.map((one) => histogramToText(name, one, isOpen)).join('');
  return (
    head(type, name, help, isOpen) +
    family.samples.map(({ labels, value }) => line(family.name, labels, value)).join('')
  );
}

function histogramToText(
  name: string,
  { labels = {}, histogram: { bounds, counts, sum } }: LabelledHistogram,
  isOpen: boolean,
): string {
  const cumulative = counts();
  const buckets = cumulative.map((count, i) => {
    const bound = bounds[i];
    return line(`${name}_bucket`, { ...labels, le: bound === undefined ? '+Inf' : boundText(bound, isOpen) }, count);
  });
  const total = cumulative.at(-1) ?? 0;
  return buckets.join('') + line(`${name}_sum`, labels, sum()) + line(`${name}_count`, labels, total);
}

function boundText(bound: number, isOpen: boolean): string {
  return isOpen && Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

function head(type: string, name: string, help: string, isOpen: boolean): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${isOpen ? escaped.replaceAll('"', '\\"') : escaped}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Labels = {}, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value === Infinity ? '+Inf' : value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
