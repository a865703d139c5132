/** Checks a request's Host (RFC 9112, 3.2) and Expect (RFC 9110, 10.1.1) before its path is looked up. */
import type { IncomingMessage } from 'node:http';
import { connectionClose, HttpProblem } from '../http/http-problem';
import type { Problem } from '../problem';

const closing = { headers: connectionClose };
/** A name or address and a port; both may be empty. */
const authority = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;
const continueExpectation = /^\s*100-continue\s*$/i;

export function findHeadFault({ headers, httpVersion, rawHeaders }: IncomingMessage): Problem | undefined {
  const { host, expect } = headers;
  const hosts = countHosts(rawHeaders);
  // With two Host fields a proxy might read one and we the other.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return new HttpProblem('malformed-request', `Expected one Host header field, got ${hosts || 'none'}.`, closing);
  if (host !== undefined && !authority.test(host))
    return new HttpProblem(
      'malformed-request',
      `Expected a host and a port in the Host header field, got ${show(host)}.`,
      closing,
    );
  if (expect !== undefined && httpVersion === '1.1' && !continueExpectation.test(expect))
    return new HttpProblem(
      'expectation-failed',
      `Expected "100-continue" or no Expect header field, got ${show(expect)}.`,
      closing,
    );
  return undefined;
}

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

function show(value: string): string {
  return JSON.stringify(value.slice(0, 80));
}
