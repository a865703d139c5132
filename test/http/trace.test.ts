/** The trace of a request is read from what W3C trace context and Google Cloud send, and from nothing else. */
import { readTrace } from '../../src/http/trace';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('traceparent', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`cc-${traceId}-${spanId}-03-what-comes-later`, true],
  ])('%s is a trace', (traceparent, isSampled) => {
    expect(readTrace({ traceparent })).toEqual({ traceId, spanId, isSampled });
  });

  test.each([
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\n`,
  ])('%j is none', (traceparent) => {
    expect(readTrace({ traceparent })).toBeUndefined();
  });
});

describe('x-cloud-trace-context', () => {
  test.each([
    [`${traceId}/74;o=1`, { traceId, spanId: '000000000000004a', isSampled: true }],
    [`${traceId.toUpperCase()}/18446744073709551615`, { traceId, spanId: 'f'.repeat(16), isSampled: false }],
    [`${traceId}/18446744073709551616;o=0`, { traceId, isSampled: false }],
    [traceId, { traceId, isSampled: false }],
    [`${traceId}/0;o=1`, { traceId, isSampled: true }],
  ])('%s is a trace', (context, trace) => {
    expect(readTrace({ 'x-cloud-trace-context': context })).toEqual(trace);
  });

  test.each(['0'.repeat(32), `${traceId}/x`, `${traceId};o=1;p=2`, `"},"admin":"${traceId}`])(
    '%j is none',
    (context) => {
      expect(readTrace({ 'x-cloud-trace-context': context })).toBeUndefined();
    },
  );

  test('counts only where there is no good traceparent', () => {
    const other = 'f'.repeat(32);
    const headers = { 'x-cloud-trace-context': `${other}/1` };
    expect(readTrace({ ...headers, traceparent: `00-${traceId}-${spanId}-01` })?.traceId).toBe(traceId);
    expect(readTrace({ ...headers, traceparent: 'nonsense' })?.traceId).toBe(other);
  });
});
