/** How late the event loop runs its timers: watched from the first time somebody asks, so that nobody else pays. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Sample } from './metrics';

const resolutionMs = 20;
const quantiles = [50, 99];

export function createEventLoopLag() {
  let delays: IntervalHistogram | undefined;

  /** Quantiles and the largest delay in seconds since the last reading; none at the first. */
  function read(): Sample[] {
    if (delays === undefined) {
      delays = monitorEventLoopDelay({ resolution: resolutionMs });
      delays.enable();
      return [];
    }
    // The monitor's own interval is part of what it records.
    const toSeconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
    const { max } = delays;
    const samples = quantiles.map((q) => ({
      labels: { quantile: String(q / 100) },
      value: toSeconds(delays?.percentile(q) ?? 0),
    }));
    delays.reset();
    return [...samples, { labels: { quantile: '1' }, value: toSeconds(max) }];
  }

  return { read };
}
