/** Which requests are captured and where their records go, as settings say it. */
import { resolve } from 'node:path';

export interface CaptureSettings {
  /** Share of the requests, above 0. */
  readonly share: number;
  /** Undefined for lines of the log. */
  readonly directory: string | undefined;
  /** Of the files; models whose rows have no fixed columns are captured as lines of JSON. */
  readonly format: CaptureFormat;
  /** Of all files in the directory. */
  readonly maxBytes: number;
}

export type CaptureFormat = 'ndjson' | 'arrow';

const sampleForm = /^sample:(\d+(?:\.\d+)?)%$/;

/** Undefined when nothing is captured. Throws an error that names the variable. */
export function readCapture(
  given: string,
  to: string,
  format: CaptureFormat,
  maxBytes: number,
): CaptureSettings | undefined {
  if (given === 'off') return undefined;
  const share = given === 'all' ? 1 : Number(sampleForm.exec(given)?.[1] ?? Number.NaN) / 100;
  if (!(share > 0 && share <= 1))
    throw new RangeError(
      `CAPTURE is ${JSON.stringify(given)}: expected off, all, or a share from above 0 to 100 % such as sample:5%.`,
    );
  const directory = to === 'log' ? undefined : resolve(to);
  if (directory === undefined && format === 'arrow')
    throw new RangeError(
      'CAPTURE_FORMAT is "arrow", and CAPTURE_TO is "log": expected a directory for files, or ndjson.',
    );
  return { share, directory, format, maxBytes };
}
