import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AttemptResult, MAX_ATTEMPTS, attemptReserveMs, retryDelayMs } from './retry-rule.ts';

const throttled = (retryAfterMs?: number): AttemptResult => ({ kind: 'throttled', retryAfterMs });
const notSent: AttemptResult = { kind: 'not-sent' };
const lost = (retryAfterMs?: number): AttemptResult => ({ kind: 'lost', retryAfterMs });
const final: AttemptResult = { kind: 'final' };

describe('retryPauseMs', () => {
  it.each<[string, AttemptResult, number, number, number | undefined]>([
    ['waits for the Retry-After of Graph', throttled(2128), 1, 20_000, 2128],
    ['does not wait past the deadline', throttled(20_000), 1, 19_999, undefined],
    ['waits if the remaining time is just enough', throttled(1000), 1, 1000, 1000],
    ['retries at once for Retry-After 0', throttled(0), 2, 5000, 0],
    ['backs off without Retry-After', throttled(), 1, 20_000, 1000],
    ['backs off longer the second time', throttled(), 2, 20_000, 2000],
    ['retries a failed connection soon', notSent, 1, 20_000, 100],
    ['retries a failed connection later the second time', notSent, 2, 20_000, 200],
    ['stops after the third attempt', throttled(0), 3, 20_000, undefined],
    ['stops after the third failed connection', notSent, 3, 20_000, undefined],
    ['never retries a final result', final, 1, 20_000, undefined],
  ])('%s', (_title, result, attempts, remainingMs, expected) => {
    expect(retryDelayMs(result, false, attempts, remainingMs, 1)).toBe(expected);
    if (result.kind !== 'final') {
      expect(retryDelayMs(result, true, attempts, remainingMs, 1)).toBe(expected);
    }
  });

  it.each<[string, AttemptResult, boolean, number, number, number | undefined]>([
    ['never retries a write that Graph may have carried out', lost(), false, 1, 20_000, undefined],
    ['never retries such a write with Retry-After', lost(0), false, 1, 20_000, undefined],
    ['retries a repeatable request', lost(), true, 1, 20_000, 250],
    ['retries a repeatable request later the second time', lost(), true, 2, 20_000, 500],
    ['waits for Retry-After before a repeatable request', lost(3000), true, 1, 20_000, 3000],
    ['does not wait for it past the deadline', lost(3000), true, 1, 2999, undefined],
    ['stops a repeatable request after the third attempt', lost(0), true, 3, 20_000, undefined],
    ['never retries a final result', final, true, 1, 20_000, undefined],
  ])('%s', (_title, result, repeatable, attempts, remainingMs, expected) => {
    expect(retryDelayMs(result, repeatable, attempts, remainingMs, 1)).toBe(expected);
  });

  it('never pauses past the deadline, exceeds the attempt limit or retries a final result', () => {
    const results = fc.oneof(
      fc.record({
        kind: fc.constantFrom('throttled' as const, 'lost' as const),
        retryAfterMs: fc.option(fc.nat(60_000), { nil: undefined }),
      }),
      fc.constantFrom(notSent, final),
    );
    fc.assert(
      fc.property(
        results,
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(30_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (result, repeatable, attempts, remainingMs, random) => {
          const delayMs = retryDelayMs(result, repeatable, attempts, remainingMs, random);
          if (delayMs === undefined) return;
          expect(result.kind).not.toBe('final');
          expect(result.kind === 'lost' && !repeatable).toBe(false);
          expect(attempts).toBeLessThan(MAX_ATTEMPTS);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(remainingMs);
          if ('retryAfterMs' in result && result.retryAfterMs !== undefined) {
            expect(delayMs).toBe(result.retryAfterMs);
          }
        },
      ),
    );
  });
});

describe('attemptReserveMs', () => {
  it('is 250 ms, or a quarter of a short budget', () => {
    expect([20_000, 1000, 400, 0].map(attemptReserveMs)).toEqual([250, 250, 100, 0]);
  });
});
