import { describe, expect, it } from '@jest/globals';
import { waitMs } from './retry-rule.ts';

const ended = (status: number | undefined, code: string, retryAfterSeconds?: number) => ({
  status,
  code,
  retryAfterSeconds,
});

describe('a create under a key', () => {
  it.each([
    ['no connection', ended(undefined, 'ConnectionFailed'), 500],
    ['a customer that cannot be read', ended(201, 'UnknownError'), 500],
    ['a success that is none of the proxy', ended(200, 'UnknownError'), 500],
    ['a key in use', ended(409, 'IdempotencyKeyInUse', 1), 1000],
    ['a key in use, for nobody says how long', ended(409, 'IdempotencyKeyInUse'), 500],
    ['too many requests', ended(429, 'TooManyRequests', 7), 7000],
    ['a gateway', ended(502, 'UnknownError'), 500],
    ['a gateway that says when', ended(502, 'BadGateway', 2), 2000],
    ['no service', ended(503, 'ServiceUnavailable', 5), 5000],
    ['no service, for nobody says how long', ended(503, 'UnknownError'), 500],
    ['no answer in time', ended(504, 'GatewayTimeout', 3), 3000],
    ['no answer in time, for nobody says how long', ended(504, 'UnknownError'), 500],
    ['a wait that is over', ended(503, 'ServiceUnavailable', 0), 100],
  ])('is sent again after %s', (_title, error, wait) => {
    expect(waitMs(error, 1, 1)).toBe(wait);
  });

  it.each([
    ['its deadline', ended(undefined, 'DeadlineExceeded')],
    ['a redirection', ended(307, 'UnknownError')],
    ['a broken rule', ended(400, 'BadRequest', 1)],
    ['a bad token', ended(401, 'InvalidAuthenticationToken')],
    ['a missing permission', ended(403, 'Authorization_RequestDenied')],
    ['an unknown business', ended(404, 'ErrorNonExistentMailbox')],
    ['a request that came too slowly', ended(408, 'RequestTimeout')],
    ['a conflict of another kind', ended(409, 'ErrorIrresolvableConflict', 1)],
    ['a key of another body', ended(422, 'IdempotencyKeyReused', 1)],
    ['too many requests, for nobody says how long', ended(429, 'TooManyRequests')],
    ['a failure without a reason', ended(500, 'UnknownError', 1)],
  ])('is not sent again after %s', (_title, error) => {
    expect(waitMs(error, 1, 1)).toBeUndefined();
  });

  it.each([
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [6, 8000, 16_000],
    [7, 8000, 16_000],
    [5000, 8000, 16_000],
  ])(
    'waits after %i attempts from %i to %i ms where nobody says how long',
    (attempts, from, to) => {
      const error = ended(502, 'BadGateway');
      expect([0, 1].map((random) => waitMs(error, attempts, random))).toEqual([from, to]);
    },
  );
});
