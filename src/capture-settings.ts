/** Which requests are captured and where their records go, as settings say it. */
import { resolve } from 'node:path';

export interface CaptureSettings {
  /** Share of the requests, above 0. */
  readonly share: number;
  /** Undefined for lines of the log. */
  readonly directory: string | undefined;
  /** Of all files in the directory. */
  readonly maxBytes: number;
}

const sampleForm = /^sample:(\d+(?:\.\d+)?)%$/;

/** Undefined when nothing is captured. Throws an error that names the variable. */
export function readCapture(given: string, to: string, maxBytes: number): CaptureSettings | undefined {
  if (given === 'off') return undefined;
  const share = given === 'all' ? 1 : Number(sampleForm.exec(given)?.[1] ?? Number.NaN) / 100;
  if (share > 0 && share <= 1) return { share, directory: to === 'log' ? undefined : resolve(to), maxBytes };
  throw new RangeError(
    `CAPTURE is ${JSON.stringify(given)}: expected off, all, or a share from above 0 to 100 % such as sample:5%.`,
  );
}
