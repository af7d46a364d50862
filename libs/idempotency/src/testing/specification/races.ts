import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import { apply, EXPIRED, acquire, applyAll, complete, send, tally } from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

const RACERS = Array.from({ length: 50 }, (_, index) => index);

type Racer = (index: number) => readonly [key: string, event: KeyEvent];

/** 50 concurrent events, half of them from a second process. */
export function specifyRaces(fixture: StoreFixture): void {
  const race = async (racer: Racer) => {
    const { store, otherProcess } = fixture;
    const outcomes = RACERS.map((index) =>
      apply(index % 2 === 0 ? store : otherProcess, ...racer(index)),
    );
    return tally(await Promise.all(outcomes));
  };

  test('lets one of 50 requests acquire a key', async () => {
    expect(await race(() => ['key', acquire()])).toEqual({ acquired: 1, 'in-progress': 49 });
  });

  test('lets one of 50 duplicates acquire its key', async () => {
    const outcomes = await race((index) => [`key-${index}`, acquire()]);
    expect(outcomes).toEqual({ acquired: 1, 'in-progress': 49 });
    expect((await fixture.data.records()).size).toBe(1);
  });

  test('lets one of 50 requests take over a key with an expired lease', async () => {
    await applyAll(fixture.store, 'key', acquire(), send(1, EXPIRED));
    expect(await race(() => ['key', acquire()])).toEqual({ acquired: 1, 'in-progress': 49 });
  });

  test('lets one of 50 duplicates end the expired lease of another key', async () => {
    await applyAll(fixture.store, 'duplicate', acquire(), send(1, EXPIRED));
    const outcomes = await race((index) => [`key-${index}`, acquire()]);
    expect(outcomes).toEqual({ acquired: 1, 'in-progress': 49 });
  });

  test('lets one of 50 bodies acquire a key', async () => {
    const outcomes = await race((index) => ['key', acquire(`body-${index}`)]);
    expect(outcomes).toEqual({ acquired: 1, 'fingerprint-mismatch': 49 });
  });

  test('gives a customer to one of 50 keys', async () => {
    const { store } = fixture;
    await Promise.all(
      RACERS.map((index) => apply(store, `key-${index}`, acquire(`body-${index}`))),
    );
    const outcomes = await race((index) => [`key-${index}`, complete()]);
    expect(outcomes).toEqual({ updated: 1, 'owned-by-another': 49 });
  });

  test('applies one of 50 final events of the same lease', async () => {
    await applyAll(fixture.store, 'key', acquire(), send());
    expect(await race(() => ['key', complete()])).toEqual({ updated: 1, stale: 49 });
  });

  test('acquires 50 unrelated keys', async () => {
    expect(await race((index) => [`key-${index}`, acquire(`body-${index}`)])).toEqual({
      acquired: 50,
    });
  });
}
