import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import {
  abandon,
  applyAll,
  claim,
  done,
  HOUR_MS,
  release,
  renew,
  RUN_OUT,
  send,
  type Subject,
} from './store-under-test.ts';

type Row = readonly [
  what: string,
  hours: number,
  does: 'forgets' | 'keeps',
  events: readonly KeyEvent[],
];

const UNKNOWN = [claim(), send(), abandon()];
const RETENTION_HOURS = 24;
const ROWS: readonly Row[] = [
  ['done', 23, 'keeps', [claim(), done()]],
  ['done', 25, 'forgets', [claim(), done()]],
  ['free', 23, 'keeps', [claim(), release()]],
  ['free', 25, 'forgets', [claim(), release()]],
  ['unknown', 239, 'keeps', UNKNOWN],
  ['unknown', 241, 'forgets', UNKNOWN],
  ['held', 241, 'keeps', [claim()]],
  ['held and run out', 239, 'keeps', [claim('lunch', RUN_OUT)]],
  ['held and run out', 241, 'forgets', [claim(), send(1, RUN_OUT)]],
];

/** What is forgotten and what is counted. */
export function specifyKeeping(subject: Subject): void {
  const agedBy = (hours: number) =>
    subject.database.sql(
      `UPDATE idempotency_keys SET changed_at_ms = changed_at_ms - ${hours * HOUR_MS}`,
    );
  const purge = (limit: number) => subject.store.purge(RETENTION_HOURS * HOUR_MS, limit);

  test.each(ROWS)('of what is %s, after %d hours %s all', async (_what, hours, does, events) => {
    await applyAll(subject.store, 'key', ...events);
    await agedBy(hours);
    const purged = does === 'forgets' ? 1 : 0;
    expect(await purge(100)).toBe(purged);
    expect((await subject.database.records()).size).toBe(1 - purged);
  });

  test('forgets the oldest first, and no more than it was told', async () => {
    const { store } = subject;
    for (const key of ['b', 'a', 'd', 'c']) {
      await applyAll(store, key, claim(), done(1, key));
      await agedBy(30);
    }
    expect(await purge(3)).toBe(3);
    expect([...(await subject.database.records()).keys()]).toEqual(['c']);
    expect(await purge(3)).toBe(1);
    expect(await purge(3)).toBe(0);
  });

  test('gives a customer away with the key that had it', async () => {
    const { store } = subject;
    await applyAll(store, 'owner', claim(), done());
    await agedBy(25);
    await purge(1);
    expect(await applyAll(store, 'key', claim(), done())).toEqual({ kind: 'moved' });
  });

  test('counts what is unknown and nobody is at', async () => {
    const { store } = subject;
    expect(await store.figures()).toEqual({ unknown: 0 });
    await applyAll(store, 'unknown', ...UNKNOWN);
    await applyAll(store, 'looked for', ...UNKNOWN, claim('lunch', HOUR_MS));
    await applyAll(store, 'held', claim('a'), send());
    await applyAll(store, 'not sent', claim('b', RUN_OUT));
    await applyAll(store, 'done', claim('c'), send(), done());
    expect(await store.figures()).toEqual({ unknown: 1 });
    await applyAll(store, 'looked for', renew(2, RUN_OUT));
    await applyAll(store, 'ended', claim('d'), send(1, RUN_OUT));
    expect(await store.figures()).toEqual({ unknown: 3 });
    const listed = await store.unknownKeys(10);
    expect(listed.map(({ key }) => key).sort()).toEqual(['ended', 'looked for', 'unknown']);
    expect(listed.every(({ sentAtMs }) => Math.abs(sentAtMs - Date.now()) < HOUR_MS)).toBe(true);
    expect(await store.unknownKeys(2)).toHaveLength(2);
  });
}
