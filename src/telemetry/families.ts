/** Families of samples: what is measured, by name, whoever reads it in whichever form. */
import type { Histogram } from './histogram';
import type { Sample } from './metrics';

interface Named {
  /** In Prometheus' spelling, its unit at the end. */
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
  readonly histogram: Histogram;
}

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
  return { type: 'histogram', name, help, histogram };
}
