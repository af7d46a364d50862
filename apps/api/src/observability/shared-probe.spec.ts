import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SharedProbe } from './shared-probe.ts';

/** A probe that the test ends, with a list of its runs. */
function controlled() {
  const runs: PromiseWithResolvers<string>[] = [];
  const start = () => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  };
  return { runs, start };
}

const thousand = <T>(read: () => Promise<T>) =>
  Promise.all(Array.from({ length: 1000 }, () => read()));

describe('SharedProbe', () => {
  it('runs once for concurrent callers, which get the same result', async () => {
    const { runs, start } = controlled();
    const probe = new SharedProbe(start, 'late');
    const read = thousand(() => probe.read());
    runs[0]?.resolve('good');
    expect(new Set(await read)).toEqual(new Set(['good']));
    expect(runs).toHaveLength(1);
  });

  it('runs at most once a second', async () => {
    let started = 0;
    const probe = new SharedProbe(() => Promise.resolve((started += 1)), 0);
    const startedAtMs = performance.now();
    while (started < 3) {
      await thousand(() => probe.read());
      await nextTurn();
    }
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(1990);
  });

  it('runs again for each later caller when its result is not reused', async () => {
    let started = 0;
    const probe = new SharedProbe(() => Promise.resolve((started += 1)), 0, 0);
    expect([await probe.read(), await probe.read()]).toEqual([1, 2]);
  });

  it.each([1000, 0])(
    'reports a hanging probe as late, and does not start another until it ends (age %i)',
    async (maxAgeMs) => {
      const { runs, start } = controlled();
      const probe = new SharedProbe(start, 'late', maxAgeMs);
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

  it('rejects for all callers, and ignores a late rejection', async () => {
    const { runs, start } = controlled();
    const probe = new SharedProbe(start, 'late', 0);
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
