import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AttemptEnd, MAX_ATTEMPTS, attemptReserveMs, pauseBeforeNextMs } from './retry-rule.ts';

const throttled = (retryAfterMs?: number): AttemptEnd => ({ kind: 'throttled', retryAfterMs });
const notSent: AttemptEnd = { kind: 'not-sent' };
const lost = (retryAfterMs?: number): AttemptEnd => ({ kind: 'lost', retryAfterMs });
const final: AttemptEnd = { kind: 'final' };

describe('pauseBeforeNextMs', () => {
  it.each<[string, AttemptEnd, number, number, number | undefined]>([
    ['waits as long as Graph asks', throttled(2128), 1, 20_000, 2128],
    ['does not wait past the deadline', throttled(20_000), 1, 19_999, undefined],
    ['uses the time that is just enough', throttled(1000), 1, 1000, 1000],
    ['comes at once when Graph says zero', throttled(0), 2, 5000, 0],
    ['backs off by itself when Graph says nothing', throttled(), 1, 20_000, 1000],
    ['backs off longer the second time', throttled(), 2, 20_000, 2000],
    ['tries a connection again soon', notSent, 1, 20_000, 100],
    ['tries a connection again later', notSent, 2, 20_000, 200],
    ['stops after the third attempt', throttled(0), 3, 20_000, undefined],
    ['stops after the third connection', notSent, 3, 20_000, undefined],
    ['never repeats what was answered', final, 1, 20_000, undefined],
  ])('%s', (_title, end, made, leftMs, expected) => {
    expect(pauseBeforeNextMs(end, false, made, leftMs, 1)).toBe(expected);
    if (end.kind !== 'final') {
      expect(pauseBeforeNextMs(end, true, made, leftMs, 1)).toBe(expected);
    }
  });

  it.each<[string, AttemptEnd, boolean, number, number, number | undefined]>([
    ['never repeats a write that may have happened', lost(), false, 1, 20_000, undefined],
    ['nor when Graph names a time for it', lost(0), false, 1, 20_000, undefined],
    ['repeats what may be done twice', lost(), true, 1, 20_000, 250],
    ['repeats it later the second time', lost(), true, 2, 20_000, 500],
    ['waits as long as Graph asks before that', lost(3000), true, 1, 20_000, 3000],
    ['not past the deadline', lost(3000), true, 1, 2999, undefined],
    ['and no more than three times', lost(0), true, 3, 20_000, undefined],
    ['never repeats what was answered', final, true, 1, 20_000, undefined],
  ])('%s', (_title, end, repeatable, made, leftMs, expected) => {
    expect(pauseBeforeNextMs(end, repeatable, made, leftMs, 1)).toBe(expected);
  });

  it('never pauses past the deadline, never goes over the limit, never repeats a final end', () => {
    const ends = fc.oneof(
      fc.record({
        kind: fc.constantFrom('throttled' as const, 'lost' as const),
        retryAfterMs: fc.option(fc.nat(60_000), { nil: undefined }),
      }),
      fc.constantFrom(notSent, final),
    );
    fc.assert(
      fc.property(
        ends,
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(30_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (end, repeatable, made, leftMs, random) => {
          const pauseMs = pauseBeforeNextMs(end, repeatable, made, leftMs, random);
          if (pauseMs === undefined) return;
          expect(end.kind).not.toBe('final');
          expect(end.kind === 'lost' && !repeatable).toBe(false);
          expect(made).toBeLessThan(MAX_ATTEMPTS);
          expect(pauseMs).toBeGreaterThanOrEqual(0);
          expect(pauseMs).toBeLessThanOrEqual(leftMs);
          if ('retryAfterMs' in end && end.retryAfterMs !== undefined) {
            expect(pauseMs).toBe(end.retryAfterMs);
          }
        },
      ),
    );
  });
});

describe('attemptReserveMs', () => {
  it('is a quarter of a second, or of the time there is', () => {
    expect([20_000, 1000, 400, 0].map(attemptReserveMs)).toEqual([250, 250, 100, 0]);
  });
});
