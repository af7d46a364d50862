import { describe, expect, it } from '@jest/globals';
import { retryDelayMs } from './retry-rule.ts';

const ended = (
  status: number | undefined,
  code: string,
  retryAfterSeconds?: number,
  detail?: string,
) => ({
  status,
  code,
  details: detail === undefined ? [] : [{ code: detail, message: '' }],
  retryAfterSeconds,
});

describe('the retry of a create with an Idempotency-Key', () => {
  it.each([
    ['no connection', ended(undefined, 'ConnectionFailed'), 500],
    ['an invalid customer', ended(201, 'UnknownError'), 500],
    ['a success with another status', ended(200, 'UnknownError'), 500],
    ['a key in use', ended(409, 'IdempotencyKeyInUse', 1), 1000],
    ['a key in use without Retry-After', ended(409, 'IdempotencyKeyInUse'), 500],
    ['too many requests', ended(429, 'TooManyRequests', 7), 7000],
    ['a gateway', ended(502, 'UnknownError'), 500],
    ['a gateway with Retry-After', ended(502, 'BadGateway', 2), 2000],
    ['an unavailable service', ended(503, 'ServiceUnavailable', 5), 5000],
    ['an unavailable service without Retry-After', ended(503, 'UnknownError'), 500],
    ['a gateway timeout', ended(504, 'GatewayTimeout', 3), 3000],
    ['a gateway timeout without Retry-After', ended(504, 'UnknownError'), 500],
    ['a Retry-After of 0', ended(503, 'ServiceUnavailable', 0), 100],
  ])('happens after %s', (_title, error, wait) => {
    expect(retryDelayMs(error, 1, 1)).toBe(wait);
  });

  it.each([
    ['its deadline', ended(undefined, 'DeadlineExceeded')],
    ['a redirect', ended(307, 'UnknownError')],
    ['an invalid body', ended(400, 'BadRequest', 1)],
    ['a bad token', ended(401, 'InvalidAuthenticationToken')],
    ['a missing permission', ended(403, 'Authorization_RequestDenied')],
    ['an unknown business', ended(404, 'ErrorNonExistentMailbox')],
    ['a slow request', ended(408, 'RequestTimeout')],
    ['another conflict', ended(409, 'ErrorIrresolvableConflict', 1)],
    ['a key of another body', ended(422, 'IdempotencyKeyReused', 1)],
    ['too many requests without Retry-After', ended(429, 'TooManyRequests')],
    ['a damaged record', ended(503, 'ServiceUnavailable', 60, 'IdempotencyRecordDamaged')],
    ['a failure without a reason', ended(500, 'UnknownError', 1)],
  ])('does not happen after %s', (_title, error) => {
    expect(retryDelayMs(error, 1, 1)).toBeUndefined();
  });

  it.each([
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [6, 8000, 16_000],
    [7, 8000, 16_000],
    [5000, 8000, 16_000],
  ])('waits after %i attempts from %i to %i ms without Retry-After', (attempts, from, to) => {
    const error = ended(502, 'BadGateway');
    expect([0, 1].map((random) => retryDelayMs(error, attempts, random))).toEqual([from, to]);
  });
});
