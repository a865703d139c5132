/** The deadline of a call, which its caller sends as the time that is left. */
import { quote } from '../model/instances/faults';
import { Problem } from '../problem';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The milliseconds of a `grpc-timeout` field. Throws `malformed-request`. */
export function readTimeoutMs(field: string): number {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(field) ?? [];
  if (digits === undefined)
    throw new Problem(
      'malformed-request',
      `Expected grpc-timeout of up to 8 digits and a unit (H, M, S, m, u or n), got ${quote(field)}.`,
    );
  return Number(digits) * (unitMs[unit] as number);
}
