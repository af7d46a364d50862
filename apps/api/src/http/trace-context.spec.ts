import { describe, expect, it } from '@jest/globals';
import { traceContextOf, traceHeaders } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it.each([
    ['00', '01', true],
    ['00', '00', false],
    // Other flags say nothing about sampling.
    ['00', '02', false],
    ['00', 'ff', true],
    // A later version begins as version 00 does.
    ['cc', '01', true],
  ])('of version %s with flags %s is read', (version, flags, isSampled) => {
    const traceparent = `${version}-${TRACE}-${SPAN}-${flags}`;
    expect(traceContextOf({ traceparent })).toEqual({ traceId: TRACE, parentId: SPAN, isSampled });
  });

  it.each([
    ['that is absent', undefined],
    ['of no version', `ff-${TRACE}-${SPAN}-01`],
    ['with a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['that is too long', `00-${TRACE}-${SPAN}-01-x`],
    ['that was sent twice', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])('%s is ignored, with its tracestate', (_title, traceparent) => {
    const headers = { ...(traceparent !== undefined && { traceparent }), tracestate: 'a=b' };
    expect(traceContextOf(headers)).toBeUndefined();
    expect(traceHeaders(headers, TRACE)).toEqual({});
  });
});

describe('the trace headers', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;

  it('go up as they came', () => {
    const headers = { traceparent, tracestate: 'a=b,c=d' };
    expect(traceHeaders(headers, TRACE)).toEqual(headers);
  });

  it('go up without a tracestate that is too long or no text', () => {
    for (const tracestate of ['a'.repeat(513), 'a=\u00e9', '']) {
      expect(traceHeaders({ traceparent, tracestate }, TRACE)).toEqual({ traceparent });
    }
  });

  it('of another trace than that of the request do not go up', () => {
    expect(traceHeaders({ traceparent, tracestate: 'a=b' }, 'another')).toEqual({});
  });
});
