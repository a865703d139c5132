/** Delays the next attempt to load: each failure doubles the wait. */

const maxWaitMs = 30_000;

export function createBackOff(firstMs: number, now: () => number = () => performance.now()) {
  let waitMs = firstMs;
  let endsAt = Number.NEGATIVE_INFINITY;

  /** Milliseconds until the next attempt; 0 when it may start. */
  function leftMs(): number {
    return Math.max(0, endsAt - now());
  }

  function failed(): void {
    endsAt = now() + waitMs;
    waitMs = Math.min(2 * waitMs, Math.max(maxWaitMs, firstMs));
  }

  function succeeded(): void {
    waitMs = firstMs;
  }

  return { leftMs, failed, succeeded };
}
