import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RepeatBudget } from './repeat-budget.ts';

function budgetUnderTest() {
  const clock = { nowMs: 0 };
  const budget = new RepeatBudget(() => clock.nowMs);
  const spendAll = () => {
    let count = 0;
    while (budget.spend()) count += 1;
    return count;
  };
  return { clock, budget, spendAll };
}

describe('RepeatBudget', () => {
  it('allows a few repeats at once, and then a fifth of the requests', () => {
    const { budget, spendAll } = budgetUnderTest();
    expect(spendAll()).toBe(10);
    for (let count = 0; count < 15; count += 1) budget.earn();
    expect(spendAll()).toBe(3);
  });

  it('allows eight a second without requests', () => {
    const { clock, spendAll } = budgetUnderTest();
    spendAll();
    for (let second = 1; second <= 10; second += 1) {
      clock.nowMs = second * 1000;
      expect(spendAll()).toBe(8);
    }
  });

  it('saves no more than a few', () => {
    const { clock, budget, spendAll } = budgetUnderTest();
    clock.nowMs = 3_600_000;
    for (let count = 0; count < 1000; count += 1) budget.earn();
    expect(spendAll()).toBe(10);
  });

  it('stays within a fifth of the requests plus ten a second over five seconds', () => {
    const step = fc.record({ ms: fc.nat(300), requests: fc.nat(20), repeats: fc.nat(20) });
    // So many that they take longer than five seconds. By default most arrays are short.
    const many = fc.array(step, { minLength: 60, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(many, (steps) => {
        const { clock, budget } = budgetUnderTest();
        let [requests, repeats] = [0, 0];
        for (const { ms, ...wanted } of steps) {
          clock.nowMs += ms;
          for (let count = 0; count < wanted.requests; count += 1) budget.earn();
          requests += wanted.requests;
          for (let count = 0; count < wanted.repeats; count += 1) if (budget.spend()) repeats += 1;
          const seconds = Math.max(5, clock.nowMs / 1000);
          expect(repeats).toBeLessThanOrEqual(0.2 * requests + 10 * seconds);
        }
      }),
    );
  });
});
