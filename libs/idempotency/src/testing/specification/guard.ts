import { expect, test } from '@jest/globals';
import type { GuardRequest } from '../../guard.ts';
import type { PendingLookup } from '../../transition.ts';
import {
  abandon,
  acquire,
  acquireRepeat,
  apply,
  applyAll,
  complete,
  EXPIRED,
  HOUR_MS,
  release,
  send,
} from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

const GUARD: GuardRequest = { sinceAgoMs: HOUR_MS, mayRunForMs: 0, forMs: 24 * HOUR_MS };
const SEND = { kind: 'send', fence: 1, leaseMs: HOUR_MS, nothingLost: true } as const;
const RELEASE = { kind: 'release', fence: 1, nothingLost: true } as const;

/** A store that may have lost records, and how one is recognised. */
export function specifyGuard(fixture: StoreFixture): void {
  const acquireAt = async (key: string, event = acquire()): Promise<PendingLookup | undefined> => {
    const outcome = await apply(fixture.otherProcess, key, event);
    if (outcome.kind !== 'acquired') throw new TypeError(`the outcome is ${outcome.kind}`);
    return outcome.lookup;
  };
  const agoMs = (lookup: PendingLookup | undefined) =>
    lookup && Math.round((lookup.nowMs - lookup.sentAtMs) / HOUR_MS);

  test('looks up a key without a record, at every process, from the start of the guard', async () => {
    expect(await acquireAt('before', acquire('before'))).toBeUndefined();
    await fixture.store.guard({ ...GUARD, mayRunForMs: 2 * HOUR_MS });
    const lookup = await acquireAt('key');
    expect([lookup?.guarded, agoMs(lookup)]).toEqual([true, 1]);
    const { abandonedAtMs = 0, nowMs = 0 } = lookup ?? {};
    expect(Math.round((abandonedAtMs - nowMs) / HOUR_MS)).toBe(2);
  });

  test('replays a key that has a record', async () => {
    await applyAll(fixture.store, 'key', acquire(), complete());
    await fixture.store.guard(GUARD);
    expect(await apply(fixture.store, 'key', acquire())).toMatchObject({ kind: 'replay' });
  });

  test('tells how long it lasts', async () => {
    const hours = async () =>
      ((await fixture.otherProcess.statistics()).guardedForMs / HOUR_MS).toFixed(1);
    expect((await fixture.store.statistics()).guardedForMs).toBe(0);
    await fixture.store.guard(GUARD);
    expect(await hours()).toBe('24.0');
    await fixture.store.guard({ ...GUARD, forMs: 48 * HOUR_MS });
    expect(await hours()).toBe('48.0');
  });

  test('ends', async () => {
    await fixture.store.guard({ ...GUARD, forMs: 0 });
    expect(await acquireAt('key')).toBeUndefined();
    expect((await fixture.store.statistics()).guardedForMs).toBe(0);
  });

  test('goes on when it is set again, and covers both', async () => {
    await fixture.store.guard({ ...GUARD, sinceAgoMs: 3 * HOUR_MS });
    await fixture.store.guard({ ...GUARD, forMs: 0 });
    expect(agoMs(await acquireAt('key'))).toBe(3);
  });

  test.each([
    ['later', 0, 2],
    ['earlier', 2, 0],
  ])('waits for the attempts of both when those of the second end %s', async (_w, one, other) => {
    for (const hours of [one, other]) {
      await fixture.store.guard({ ...GUARD, mayRunForMs: hours * HOUR_MS });
    }
    const { abandonedAtMs = 0, nowMs = 0 } = (await acquireAt('key')) ?? {};
    expect(Math.round((abandonedAtMs - nowMs) / HOUR_MS)).toBe(2);
  });

  test('looks up again until a lookup has a result', async () => {
    await fixture.store.guard(GUARD);
    expect(await acquireAt('key')).toMatchObject({ guarded: true });
    await apply(fixture.store, 'key', abandon());
    expect(await fixture.store.statistics()).toMatchObject({ unknown: 1 });
    expect(await acquireAt('key')).toMatchObject({ guarded: true });
  });

  test('has no record of probes afterwards', async () => {
    await fixture.store.guard(GUARD);
    for (const store of [fixture.store, fixture.otherProcess]) {
      expect(await store.unavailable()).toBeUndefined();
    }
    expect(await fixture.store.unknownKeys(10)).toEqual([]);
    expect(await fixture.store.statistics()).toMatchObject({ unknown: 0 });
  });

  test('gives a key without a lost customer no past', async () => {
    await fixture.store.guard(GUARD);
    await acquireAt('refused', acquire('refused'));
    await apply(fixture.store, 'refused', SEND);
    await apply(fixture.store, 'refused', release());
    await acquireAt('not sent', acquire('not sent'));
    await apply(fixture.store, 'not sent', RELEASE);
    expect((await fixture.data.records()).size).toBe(0);

    await acquireAt('key');
    await applyAll(fixture.store, 'key', SEND, abandon());
    const lookup = await acquireAt('key');
    expect([lookup?.guarded, agoMs(lookup)]).toEqual([false, 0]);
  });

  test('looks up a key that was reserved when the store was copied', async () => {
    await apply(fixture.store, 'key', acquire('lunch', EXPIRED));
    await fixture.store.guard(GUARD);
    expect(await acquireAt('key')).toMatchObject({ guarded: true });
  });

  test('waits for attempts of unknown keys that were repeated after the copy', async () => {
    await applyAll(fixture.store, 'key', acquire(), send(), abandon());
    await fixture.store.guard({ ...GUARD, mayRunForMs: HOUR_MS });
    const { nowMs = 0, abandonedAtMs = 0, guarded } = (await acquireAt('key')) ?? {};
    expect([guarded, Math.round((abandonedAtMs - nowMs) / HOUR_MS)]).toEqual([false, 1]);
  });

  test('changes nothing for creates without a key', async () => {
    await fixture.store.guard(GUARD);
    const lookup = await acquireAt('repeat', acquireRepeat());
    expect([lookup?.guarded, agoMs(lookup)]).toEqual([false, 0]);
  });

  test('knows how old it is, and which keys it has', async () => {
    expect(await fixture.store.age()).toBeUndefined();
    await applyAll(fixture.store, 'key', acquire(), complete());
    expect(await fixture.store.age()).toBeLessThan(HOUR_MS);
    await fixture.data.age(2 * HOUR_MS);
    expect(Math.round(((await fixture.store.age()) ?? 0) / HOUR_MS)).toBe(2);
    await apply(fixture.store, 'held', acquire('dinner'));
    expect(await fixture.store.age()).toBeLessThan(HOUR_MS);
    expect(await fixture.store.known(['key', 'other', 'held'])).toEqual(
      expect.arrayContaining(['key', 'held']),
    );
    expect(await fixture.store.known(['other'])).toEqual([]);
  });
}
