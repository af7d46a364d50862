import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activeGuard, GUARD } from '../../guard.ts';
import { acquireRepeat, HOUR_MS, lost } from './events.ts';
import type { DatabaseUnderTest } from './store-under-test.ts';

/** Much shorter than any store waits for a lock. */
const LATE_MS = 200;

/**
 * What a store does with calls that it applies late.
 *
 * @param create creates an empty database
 */
export function specifyLateCalls(create: () => Promise<DatabaseUnderTest>): void {
  let database: DatabaseUnderTest;
  beforeEach(async () => {
    database = await create();
  });
  afterEach(() => database.remove());

  test('counts times back from the call when it applies it late', async () => {
    const store = await database.open();
    const goOn = await database.hold();
    const calls = [
      store.apply('lost', lost('lunch')),
      store.apply('repeat', acquireRepeat()),
      store.guard({ sinceAgoMs: HOUR_MS / 4, mayRunForMs: 0, forMs: HOUR_MS }),
    ];
    // It is the time itself that counts.
    await sleep(LATE_MS);
    await goOn();
    await Promise.all(calls);

    const records = await database.records();
    const [row = {}] = await database.rows(
      `SELECT value FROM idempotency_meta WHERE name = '${GUARD}'`,
    );
    const guard = activeGuard(String(row['value']), 0);
    const late = Object.entries({
      lost: lateMs(records.get('lost')?.sentAtMs, records.get('lost')?.abandonedAtMs),
      repeat: lateMs(records.get('repeat')?.sentAtMs, records.get('repeat')?.abandonedAtMs),
      guard: lateMs(guard?.sinceMs, guard?.endedAtMs),
    });
    // A timer may be a little early.
    const wrong = late.filter(([, ms]) => !(ms > LATE_MS - 10 && ms < HOUR_MS / 60));
    expect(wrong).toEqual([]);
  });
}

/** All of them began a quarter of an hour before the call, and end when it is applied. */
function lateMs(beganAtMs = NaN, appliedAtMs = NaN): number {
  return appliedAtMs - beganAtMs - HOUR_MS / 4;
}
