/** Metric families: named measurements, independent of the export format. */
import type { Histogram } from './histogram';
import type { Sample } from './version-metrics';

interface Named {
  /** In Prometheus style, with the unit last. */
  readonly name: string;
  readonly help: string;
}

export interface SampleFamily extends Named {
  readonly type: 'counter' | 'gauge';
  /** May be empty. */
  readonly samples: readonly Sample[];
}

export interface HistogramFamily extends Named {
  readonly type: 'histogram';
  readonly histograms: readonly LabelledHistogram[];
}

export interface LabelledHistogram {
  readonly labels?: Labels;
  readonly histogram: Histogram;
}

type Labels = NonNullable<Sample['labels']>;

export type Family = SampleFamily | HistogramFamily;

export function family(
  type: SampleFamily['type'],
  name: string,
  help: string,
  samples: readonly Sample[],
): SampleFamily {
  return { type, name, help, samples };
}

export function histogramFamily(name: string, help: string, histogram: Histogram): HistogramFamily {
  return { type: 'histogram', name, help, histograms: [{ histogram }] };
}

/** The same families with additional labels on every sample. */
export function withLabels(families: readonly Family[], shared: Labels): Family[] {
  const add = <Labelled extends { readonly labels?: Labels }>(labelled: readonly Labelled[]) =>
    labelled.map((one) => ({ ...one, labels: { ...one.labels, ...shared } }));
  return families.map((each) =>
    each.type === 'histogram' ? { ...each, histograms: add(each.histograms) } : { ...each, samples: add(each.samples) },
  );
}

/** Merges families of several sources, so that each name occurs once. */
export function joinFamilies(sources: readonly (readonly Family[])[]): Family[] {
  const joined = new Map<string, Family>();
  for (const each of sources.flat()) {
    const known = joined.get(each.name);
    joined.set(each.name, known === undefined ? each : join(known, each));
  }
  return [...joined.values()];
}

function join(first: Family, second: Family): Family {
  if (first.type === 'histogram' && second.type === 'histogram')
    return { ...first, histograms: [...first.histograms, ...second.histograms] };
  if (first.type === 'histogram' || second.type === 'histogram')
    throw new TypeError(`${first.name} is a histogram in one source but not in another.`);
  return { ...first, samples: [...first.samples, ...second.samples] };
}
