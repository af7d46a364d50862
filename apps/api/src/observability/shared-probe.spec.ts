import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SharedProbe } from './shared-probe.ts';

/** A probe that ends when it is told to, and counts how often it was begun. */
function controlled() {
  const runs: PromiseWithResolvers<string>[] = [];
  const begin = () => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  };
  return { runs, begin };
}

const thousand = <T>(read: () => Promise<T>) =>
  Promise.all(Array.from({ length: 1000 }, () => read()));

describe('a probe that many share', () => {
  it('runs once for all that ask while it runs, and tells all the same', async () => {
    const { runs, begin } = controlled();
    const probe = new SharedProbe(begin, 'late');
    const read = thousand(() => probe.read());
    runs[0]?.resolve('good');
    expect(new Set(await read)).toEqual(new Set(['good']));
    expect(runs).toHaveLength(1);
  });

  it('runs no more than once in a second', async () => {
    let begun = 0;
    const probe = new SharedProbe(() => Promise.resolve((begun += 1)), 0);
    const startedAtMs = performance.now();
    while (begun < 3) {
      await thousand(() => probe.read());
      await nextTurn();
    }
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(1990);
  });

  it('runs again for each that asks after its end, where its result may have no age', async () => {
    let begun = 0;
    const probe = new SharedProbe(() => Promise.resolve((begun += 1)), 0, 0);
    expect([await probe.read(), await probe.read()]).toEqual([1, 2]);
  });

  it.each([1000, 0])(
    'is late when it hangs, and is not run a second time until it ends (age %i)',
    async (maxAgeMs) => {
      const { runs, begin } = controlled();
      const probe = new SharedProbe(begin, 'late', maxAgeMs);
      for (let times = 0; times < 3; times += 1) {
        expect(new Set(await thousand(() => probe.read()))).toEqual(new Set(['late']));
      }
      const startedAtMs = performance.now();
      while (performance.now() - startedAtMs < 1000) {
        expect(await probe.read()).toBe('late');
        await nextTurn();
      }
      expect(runs).toHaveLength(1);
      runs[0]?.resolve('too late');
      await nextTurn();
      const next = probe.read();
      runs[1]?.resolve('good');
      expect([await next, runs.length]).toEqual(['good', 2]);
    },
  );

  it('fails for all that ask when it fails, and harms nothing when it fails late', async () => {
    const { runs, begin } = controlled();
    const probe = new SharedProbe(begin, 'late', 0);
    const failing = Promise.allSettled([probe.read(), probe.read()]);
    runs[0]?.reject(new Error('broken'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await probe.read()).toBe('late');
    runs[1]?.reject(new Error('broken'));
    await nextTurn();
    void probe.read();
    expect(runs).toHaveLength(3);
    runs[2]?.resolve('good');
  });
});
