/** Prometheus' text format, version 0.0.4: families of samples to lines. */
import type { Histogram } from './histogram';
import type { Sample } from './metrics';

type Labels = NonNullable<Sample['labels']>;

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** A counter or gauge; `samples` may be empty. */
export function family(type: 'counter' | 'gauge', name: string, help: string, samples: readonly Sample[]): string {
  return head(type, name, help) + samples.map(({ labels, value }) => line(name, labels, value)).join('');
}

export function histogramFamily(name: string, help: string, { bounds, counts, sum }: Histogram): string {
  const cumulative = counts();
  const buckets = cumulative.map((count, i) => {
    const bound = bounds[i];
    return line(`${name}_bucket`, { le: bound === undefined ? '+Inf' : String(bound) }, count);
  });
  const total = cumulative.at(-1) ?? 0;
  return (
    head('histogram', name, help) + buckets.join('') + line(`${name}_sum`, {}, sum()) + line(`${name}_count`, {}, total)
  );
}

function head(type: string, name: string, help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Labels = {}, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
