/** Reads a request's trace from the header fields of W3C Trace Context or Google Cloud. */
import type { IncomingHttpHeaders } from 'node:http';

export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The caller's span: 16 hexadecimal digits. */
  readonly spanId?: string;
  readonly isSampled: boolean;
}

const w3c = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const cloud = /^(?!0{32})([\da-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?$/i;
const largestSpan = 2n ** 64n;

/** Reads `traceparent`, else `x-cloud-trace-context`; undefined if neither is valid. */
export function readTrace(headers: IncomingHttpHeaders): Trace | undefined {
  const { traceparent } = headers;
  if (typeof traceparent === 'string') {
    const trace = fromW3c(traceparent);
    if (trace !== undefined) return trace;
  }
  const context = headers['x-cloud-trace-context'];
  return typeof context === 'string' ? fromCloud(context) : undefined;
}

function fromW3c(text: string): Trace | undefined {
  const [, version, traceId, spanId, flags = '0', rest] = w3c.exec(text) ?? [];
  // Later versions may append fields; version 00 has none.
  if (traceId === undefined || spanId === undefined || (version === '00' && rest !== undefined)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function fromCloud(text: string): Trace | undefined {
  const [, traceId, span, option] = cloud.exec(text) ?? [];
  if (traceId === undefined) return undefined;
  const trace = { traceId: traceId.toLowerCase(), isSampled: option === '1' };
  const number = BigInt(span ?? 0);
  if (number === 0n || number >= largestSpan) return trace;
  return { ...trace, spanId: number.toString(16).padStart(16, '0') };
}
