import type { ErrorCode as ProxyErrorCode } from '@bookings/domain';
import { describe, expect, it } from '@jest/globals';
import { BookingsApiError, type ErrorCode, type KnownErrorCode } from './index.ts';

/** Does not compile if the client lacks a code of the proxy. */
const known = (code: ProxyErrorCode): KnownErrorCode => code;

describe('the code of an error', () => {
  it('may be one of the proxy, or any other of Graph', () => {
    const codes: ErrorCode[] = [known('IdempotencyKeyInUse'), 'ErrorNewAtGraph', ''];
    const errors = codes.map((code) => new BookingsApiError('', { code, clientRequestId: '' }));
    expect(errors.map(({ code }) => code)).toEqual(codes);
  });
});
