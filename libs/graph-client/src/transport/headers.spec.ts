import { describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { claimsChallenge } from './claims-challenge.ts';
import { forwardedHeaders, errorHeaders, responseHeaders } from './headers.ts';

const request = (headers: Record<string, string>): UpstreamRequest => ({
  caller: {
    kind: 'application',
    appId: '11111111-2222-3333-4444-555555555555',
    tenantId: '7f0c0000-0000-0000-0000-000000000000',
    permissions: [],
    personal: false,
  },
  callerToken: 'token-of-the-caller',
  requestId: '74c63e85-95a4-4e70-adc2-ae60662e5511',
  clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
  headers,
  deadlineAtMs: 0,
  signal: new AbortController().signal,
  trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
});

describe('forwardedHeaders', () => {
  it("have the proxy's token and the ids, and never the caller's token", () => {
    expect(forwardedHeaders(request({}), 'proxy-token', true)).toEqual({
      accept: 'application/json',
      authorization: 'Bearer proxy-token',
      'client-request-id': '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
      'content-type': 'application/json',
    });
  });

  it('do not have the Idempotency-Key', () => {
    const keyed = { ...request({}), keyDigest: 'of a key' };
    expect(forwardedHeaders(keyed, 'proxy-token', true)).toEqual(
      forwardedHeaders(request({}), 'proxy-token', true),
    );
  });

  it('have no Content-Type without a body', () => {
    expect(forwardedHeaders(request({}), 'proxy-token', false)).not.toHaveProperty('content-type');
  });

  it.each<[string, string | undefined]>([
    ['return=minimal', undefined],
    ['return="minimal"', undefined],
    ['Return = minimal', undefined],
    ['return=representation', 'return=representation'],
    ['return=minimal, include-unknown-enum-members', 'include-unknown-enum-members'],
    ['respond-async ,return=minimal,', 'respond-async'],
    ['"return"=minimal', undefined],
    ['a; b="x, return=minimal"', 'a; b="x, return=minimal"'],
    ['a; b="x\\", return=minimal", c', 'a; b="x\\", return=minimal", c'],
    // A preference with an unclosed quote is invalid.
    ['a, b="x, return=minimal', 'a'],
    ['a, b="x\\', 'a'],
    ['a, "', 'a'],
  ])('have Prefer: %s as %j', (prefer, expected) => {
    expect(forwardedHeaders(request({ prefer }), 'proxy-token', true)['prefer']).toBe(expected);
  });

  it('have the other forwarded headers unchanged', () => {
    const more = {
      accept: 'application/json;odata.metadata=full',
      'if-match': '"1"',
      traceparent: 'x',
    };
    expect(forwardedHeaders(request(more), 'proxy-token', true)).toMatchObject(more);
  });
});

describe('errorHeaders', () => {
  it('have Retry-After rounded up to whole seconds', () => {
    expect(
      errorHeaders({ 'retry-after': '2.128', 'x-ms-ags-diagnostic': '{}', location: 'x' }),
    ).toEqual({
      'Retry-After': '3',
    });
  });
});

describe('responseHeaders', () => {
  it('have the entity tag and the applied preferences only', () => {
    const headers = { etag: 'W/"1"', 'preference-applied': 'a', 'x-ms-ags-diagnostic': '{}' };
    expect(responseHeaders(headers)).toEqual({ ETag: 'W/"1"', 'Preference-Applied': 'a' });
    expect(responseHeaders({})).toEqual({});
  });
});

describe('claimsChallenge', () => {
  const claims =
    'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTY1NzgzNDQxNyJ9fX0=';

  it('keeps the claims and drops the parameters about Graph', () => {
    const observed = `Bearer realm="", authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${claims}"`;
    expect(claimsChallenge(observed)).toBe(
      `Bearer error="insufficient_claims", claims="${claims}"`,
    );
  });

  it.each([undefined, '', 'Bearer realm=""', 'Bearer claims="a\\"b"'])(
    'finds none in %j',
    (value) => {
      expect(claimsChallenge(value)).toBeUndefined();
    },
  );
});
