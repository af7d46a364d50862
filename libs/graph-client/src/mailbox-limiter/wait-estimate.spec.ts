import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Outlook, startAtMs } from './wait-estimate.ts';

const outlook = (freeAtMs: readonly number[], more: Partial<Outlook> = {}): Outlook => ({
  freeAtMs,
  holdMs: 100,
  firstAtMs: undefined,
  firstEndsAtMs: undefined,
  ...more,
});

describe('startAtMs', () => {
  it.each<[string, Outlook, number, number]>([
    ['the first free place', outlook([30, 10, 20]), 0, 10],
    ['the next free place', outlook([30, 10, 20]), 2, 30],
    ['the second round', outlook([30, 10, 20]), 4, 120],
    ['a later round', outlook([30, 10, 20]), 302, 10_030],
    ['a place that is free much later', outlook([0, 1000]), 11, 1000],
    ['no holding time', outlook([30, 10], { holdMs: 0 }), 50, 10],
    ['the end of a pause', outlook([0, 0], { firstAtMs: 500 }), 0, 500],
    ['a place after a pause', outlook([0, 900], { firstAtMs: 500 }), 1, 600],
    ['the second after a pause', outlook([0, 0], { firstAtMs: 500 }), 2, 600],
    ['the fourth after a pause', outlook([0, 0], { firstAtMs: 500 }), 4, 700],
    ['the end of the first after a pause', outlook([50, 0], { firstEndsAtMs: 50 }), 1, 50],
  ])('is %s', (_title, given, ahead, expected) => {
    expect(startAtMs(given, ahead)).toBe(expected);
  });

  it('is what comes out when the places take the requests one after another', () => {
    const places = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        places,
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(200),
        (given, holdMs, ahead) => {
          const free = [...given];
          for (let count = 0; count < ahead; count += 1) {
            const next = free.indexOf(Math.min(...free));
            free[next] = (free[next] ?? NaN) + holdMs;
          }
          expect(startAtMs(outlook(given, { holdMs }), ahead)).toBe(Math.min(...free));
        },
      ),
    );
  });
});
