/** Instances that hooks are to make tensors of, checked against the schema of what callers send. */
import type { HookedExchange } from '../model/hooks/exchange';

export interface OuterInputs {
  readonly hooked: HookedExchange;
  readonly rows: number;
  readonly instances: readonly unknown[];
  /** As the caller sent them. */
  readonly sent: readonly unknown[];
  /** JSON Pointer to the instances in the request. */
  readonly pointer: string;
}
