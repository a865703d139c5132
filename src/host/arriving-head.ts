/** Which bodies may be answered while they arrive, as far as their heads tell. */
import type { IncomingHttpHeaders } from 'node:http';
import { isGzip, toCoding } from './inflate';

/** Whether a body is too long to be read whole, or may be, since its head does not tell. */
export function isLongOrUnknown(headers: IncomingHttpHeaders, maxBodyBytes: number): boolean {
  const coding = toCoding(headers['content-encoding']);
  // Of another coding, the first bytes tell what it is.
  if (coding !== undefined) return isGzip(coding);
  const { 'content-length': length } = headers;
  return length === undefined || Number(length) > maxBodyBytes;
}
