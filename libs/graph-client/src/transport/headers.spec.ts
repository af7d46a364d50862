import { describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { claimsChallenge } from '../credentials/claims-challenge.ts';
import { forwardedHeaders, errorHeaders, responseHeaders } from './headers.ts';

const request = (headers: Record<string, string>): UpstreamRequest => ({
  caller: {
    kind: 'application',
    appId: '11111111-2222-3333-4444-555555555555',
    tenantId: '7f0c0000-0000-0000-0000-000000000000',
    permissions: [],
    personal: false,
  },
  callerToken: 'the caller alone knows',
  requestId: '74c63e85-95a4-4e70-adc2-ae60662e5511',
  clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
  headers,
  deadlineAtMs: 0,
  signal: new AbortController().signal,
  trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
});

describe('forwardedHeaders', () => {
  it("sends the proxy's token, the ids and JSON, and never the caller's token", () => {
    expect(forwardedHeaders(request({}), 'ours', true)).toEqual({
      accept: 'application/json',
      authorization: 'Bearer ours',
      'client-request-id': '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
      'content-type': 'application/json',
    });
  });

  it('sends nothing of the key of a create', () => {
    const keyed = { ...request({}), keyDigest: 'of a key' };
    expect(forwardedHeaders(keyed, 'ours', true)).toEqual(forwardedHeaders(request({}), 'ours', true));
  });

  it('speaks of no body where there is none', () => {
    expect(forwardedHeaders(request({}), 'ours', false)).not.toHaveProperty('content-type');
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
    // What is never closed is no preference, whatever else a reader would find in it.
    ['a, b="x, return=minimal', 'a'],
    ['a, b="x\\', 'a'],
    ['a, "', 'a'],
  ])('sends Prefer: %s as %j', (prefer, expected) => {
    expect(forwardedHeaders(request({ prefer }), 'ours', true)['prefer']).toBe(expected);
  });

  it('passes the other headers that Graph may see', () => {
    const more = {
      accept: 'application/json;odata.metadata=full',
      'if-match': '"1"',
      traceparent: 'x',
    };
    expect(forwardedHeaders(request(more), 'ours', true)).toMatchObject(more);
  });
});

describe('errorHeaders', () => {
  it('rounds the fractional seconds of Graph up', () => {
    expect(
      errorHeaders({ 'retry-after': '2.128', 'x-ms-ags-diagnostic': '{}', location: 'x' }),
    ).toEqual({
      'Retry-After': '3',
    });
  });
});

describe('responseHeaders', () => {
  it('shows what belongs to the customer, and nothing of Graph itself', () => {
    const headers = { etag: 'W/"1"', 'preference-applied': 'a', 'x-ms-ags-diagnostic': '{}' };
    expect(responseHeaders(headers)).toEqual({ ETag: 'W/"1"', 'Preference-Applied': 'a' });
    expect(responseHeaders({})).toEqual({});
  });
});

describe('claimsChallenge', () => {
  const claims =
    'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTY1NzgzNDQxNyJ9fX0=';

  it('keeps the claims and drops what is about Graph', () => {
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
