import { expect, test } from '@jest/globals';
import type { IdempotencyStore } from '../../store.ts';
import type { KeyEvent, KeyOutcome, PendingLookup } from '../../transition.ts';
import { abandon, acquire, apply, applyAll, complete, EXPIRED, HOUR_MS, send } from './events.ts';
import type { StoreFixture, StoreUnderTest } from './store-under-test.ts';

const DAY_MS = 24 * HOUR_MS;
/** Enough for a test on a busy machine, and less than the clock is set by. */
const LEASE_MS = HOUR_MS / 6;

const FORWARD_AND_BACK = [
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
] as const;

/** What a store does when the clock of its machine, or of its server, is set. */
export function specifyClocks(fixture: StoreFixture): void {
  /** Data whose clock may be moved, with two stores that know the time before. */
  const open = async (): Promise<{
    data: StoreUnderTest;
    store: IdempotencyStore;
    otherProcess: IdempotencyStore;
  }> => {
    const data = await fixture.createData();
    const [store, otherProcess] = [await data.open(), await data.open()];
    for (const process of [store, otherProcess]) await process.purge(DAY_MS, 1);
    return { data, store, otherProcess };
  };

  test.each(FORWARD_AND_BACK)('does not end a lease when the clock is set %s', async (_way, ms) => {
    const { data, store, otherProcess } = await open();
    await applyAll(store, 'key', acquire('lunch', LEASE_MS), send(1, LEASE_MS));
    await data.moveClock(ms);
    for (const process of [otherProcess, store]) {
      const outcome = await apply(process, 'key', acquire());
      expect(outcome).toMatchObject({ kind: 'in-progress' });
      expect(leftMs(outcome)).toBeLessThanOrEqual(LEASE_MS);
      expect(await apply(process, 'duplicate', acquire())).toMatchObject({ kind: 'in-progress' });
    }
    expect(await apply(store, 'key', send(1, LEASE_MS))).toEqual({ kind: 'updated' });
    expect(await apply(store, 'key', complete())).toEqual({ kind: 'updated' });
  });

  test('ends a lease that is over before the clock is set back', async () => {
    const { data, store } = await open();
    await applyAll(store, 'key', acquire(), send(1, EXPIRED));
    await data.moveClock(-HOUR_MS);
    expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired' });
  });

  test.each(FORWARD_AND_BACK)(
    'looks back at least to the attempt, and does not shorten the settling time, when the clock is set %s',
    async (_way, ms) => {
      const { data, store, otherProcess } = await open();
      const beganMs = performance.now();
      await applyAll(store, 'unknown', ...UNKNOWN);
      await applyAll(store, 'expired', acquire('dinner'), send(1, EXPIRED));
      const sentMs = performance.now();
      await data.moveClock(ms);
      const movedMs = performance.now();
      for (const [key, event] of [
        ['unknown', acquire()],
        ['expired', acquire('dinner')],
      ] as const) {
        const { sentAtMs, abandonedAtMs, nowMs } = lookupIn(await apply(otherProcess, key, event));
        const sentAgoMs = nowMs - sentAtMs;
        expect(sentAgoMs).toBeGreaterThanOrEqual(movedMs - sentMs - 1 + Math.max(0, ms));
        expect(nowMs - abandonedAtMs).toBeLessThanOrEqual(performance.now() - beganMs + 1);
      }
    },
  );

  test.each(FORWARD_AND_BACK)('deletes nothing early when the clock is set %s', async (_w, ms) => {
    const { data, store, otherProcess } = await open();
    await applyAll(store, 'done', acquire(), complete());
    await applyAll(store, 'unknown', ...UNKNOWN);
    await data.moveClock(ms * 24 * 20);
    for (const process of [store, otherProcess]) expect(await process.purge(DAY_MS, 10)).toBe(0);
    expect((await data.records()).size).toBe(2);
  });

  test('does not end a lease that a request of the process holds', async () => {
    const { store } = fixture;
    await applyAll(store, 'key', acquire(), send(1, EXPIRED));
    const heldHere: KeyEvent = {
      kind: 'acquire',
      fingerprint: 'lunch',
      leaseMs: 1,
      heldHere: true,
    };
    for (const key of ['key', 'duplicate']) {
      expect(await apply(store, key, heldHere)).toEqual({ kind: 'in-progress', leftMs: 0 });
    }
    expect(await apply(store, 'duplicate', acquire())).toMatchObject({ kind: 'acquired' });
  });
}

const UNKNOWN = [acquire(), send(), abandon()];

function leftMs(outcome: KeyOutcome): number | undefined {
  return outcome.kind === 'in-progress' ? outcome.leftMs : undefined;
}

function lookupIn(outcome: KeyOutcome): PendingLookup {
  const lookup = outcome.kind === 'acquired' ? outcome.lookup : undefined;
  if (!lookup) throw new TypeError('the key requires no lookup');
  return lookup;
}
