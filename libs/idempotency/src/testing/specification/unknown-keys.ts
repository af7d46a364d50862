import { expect, test } from '@jest/globals';
import type { KeyEvent, Revision } from '../../transition.ts';
import { HOUR_MS, abandon, acquire, apply, applyAll, send } from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

const UNKNOWN = [send(), abandon()];
const comparisons = 'digests';
const acquireOf = (fingerprint: string): KeyEvent => ({
  kind: 'acquire',
  fingerprint,
  leaseMs: HOUR_MS,
  comparisons,
});
const lostOf = (fingerprint: string): KeyEvent => ({
  kind: 'lost',
  fingerprint,
  beganAgoMs: 0,
  replayForMs: HOUR_MS,
  comparisons,
});

/** What a store tells of an unknown key, so that it can be resolved without its body. */
export function specifyUnknownKeys(fixture: StoreFixture): void {
  const find = async (key: string) => {
    const [found, ...more] = await fixture.store.unknownKeys(2, key);
    expect(more).toEqual([]);
    return found;
  };

  test('keeps the comparisons of a create with its record', async () => {
    const { store } = fixture;
    await applyAll(store, 'key', acquireOf('lunch'), ...UNKNOWN);
    await applyAll(store, 'unkeyed', lostOf('dinner'));
    await applyAll(store, 'old', acquire('breakfast'), ...UNKNOWN);
    expect(await find('key')).toMatchObject({ fingerprint: 'lunch', comparisons });
    expect(await find('unkeyed')).toMatchObject({ fingerprint: 'dinner', comparisons });
    expect((await find('old'))?.comparisons).toBeUndefined();
    await applyAll(store, 'old', acquireOf('breakfast'), abandon(2));
    expect(await find('old')).toMatchObject({ comparisons });
  });

  test('tells when the attempts of an unknown key began and ended', async () => {
    await applyAll(fixture.store, 'key', acquire(), ...UNKNOWN);
    const { sentAtMs = 0, abandonedAtMs = 0, nowMs = 0 } = (await find('key'))?.lookup ?? {};
    expect(abandonedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    expect(nowMs).toBeGreaterThanOrEqual(abandonedAtMs);
    expect(nowMs - sentAtMs).toBeLessThan(HOUR_MS);
  });

  test.each(['adele', undefined])(
    'resolves only the revision that was read: %s',
    async (customer) => {
      const { store } = fixture;
      const resolve = (revision: Revision = { fence: 0, changedAtMs: 0 }) =>
        apply(store, 'key', { kind: 'resolve', customer, revision });
      await applyAll(store, 'key', acquire(), ...UNKNOWN);
      const before = await find('key');
      await applyAll(store, 'key', acquire(), send(2), abandon(2));
      const after = await find('key');
      expect(await resolve(before?.revision)).toEqual({ kind: 'stale' });
      expect((await find('key'))?.isResolved).toBe(false);
      expect(await resolve(after?.revision)).toEqual({ kind: 'updated' });
      expect((await find('key'))?.isResolved).toBe(customer === undefined ? undefined : true);
    },
  );
}
