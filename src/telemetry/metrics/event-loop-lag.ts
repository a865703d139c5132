/** Event loop delay, monitored from the first reading on, so that unread metrics cost nothing. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Sample } from './version-metrics';

const resolutionMs = 20;
/** Prometheus reserves the label "quantile" for summaries. */
const percentiles = { p50: 50, p99: 99, max: 100 };

/**
 * Makes a reader of delay percentiles and the maximum, in seconds, since its last reading; empty at first.
 *
 * Each reader has its own window: two would reset each other's.
 */
export function createLagReader(): () => Sample[] {
  let delays: IntervalHistogram | undefined;

  return () => {
    if (delays === undefined) {
      delays = monitorEventLoopDelay({ resolution: resolutionMs });
      delays.enable();
      return [];
    }
    const watched = delays;
    const samples = Object.entries(percentiles).map(([stat, percentile]) => ({
      labels: { stat },
      value: toSeconds(percentile === 100 ? watched.max : watched.percentile(percentile)),
    }));
    delays.reset();
    return samples;
  };
}

/** The monitor's recordings include its own interval. */
function toSeconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
}
