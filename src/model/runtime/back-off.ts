/** When the next try to load may begin: each failure doubles the wait for it. */

const mostMs = 30_000;

export interface BackOff {
  /** Milliseconds until the next try; 0 when it may begin. */
  leftMs(): number;
  failed(): void;
  succeeded(): void;
}

export function createBackOff(firstMs: number, now: () => number = () => performance.now()): BackOff {
  let waitMs = firstMs;
  let endsAt = Number.NEGATIVE_INFINITY;

  function failed(): void {
    endsAt = now() + waitMs;
    waitMs = Math.min(2 * waitMs, Math.max(mostMs, firstMs));
  }

  function succeeded(): void {
    waitMs = firstMs;
  }

  return { leftMs: () => Math.max(0, endsAt - now()), failed, succeeded };
}
