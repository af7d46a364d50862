import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoreTime } from '../../store-time.ts';
import type { MachineClocks } from './machine-clocks.ts';
import { SqliteClock } from './sqlite-clock.ts';
import { prepareSchema } from './sqlite-schema.ts';

const HOUR_MS = 3_600_000;
const LEASE_MS = 25_000;
/** The wall clock, when the machine has run for `UPTIME_MS`. */
const WALL_MS = 1_700_000_000_000;
const UPTIME_MS = 50_000;
const FIRST: MachineClocks = { boot: 'first', elapsedMs: UPTIME_MS, wallMs: WALL_MS };

let database: DatabaseSync;
let clocks: MachineClocks;
let clock: SqliteClock;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  prepareSchema(database, { current: 'secret', previous: undefined });
  clock = new SqliteClock(database, () => clocks);
  clocks = FIRST;
});
afterEach(() => {
  database.close();
});

/** Reads the clock when the machine shows this. */
function readAt(change: Partial<MachineClocks>): StoreTime {
  clocks = { ...clocks, ...change };
  return clock.read();
}

/** Lets both clocks go on. */
const after = (ms: number): StoreTime =>
  readAt({ elapsedMs: clocks.elapsedMs + ms, wallMs: clocks.wallMs + ms });

/** A record with a lease from now on, for an attempt that is sent now. */
function send(): number {
  const { nowMs } = clock.read();
  database
    .prepare(
      `INSERT INTO idempotency_keys (key, state, fence, content, lease_until_ms, ever_unknown,
         sent_at_ms, changed_at_ms) VALUES ('key', 'sent', 1, 'content', ?, 0, ?, ?)`,
    )
    .run(nowMs + LEASE_MS, nowMs, nowMs);
  database
    .prepare(`INSERT INTO idempotency_meta VALUES ('guard', json_object('sinceMs', ?))`)
    .run(nowMs);
  return nowMs;
}

/** The guard, which began with the attempt, reaches as far back. */
function sentAtMs(): unknown {
  const row = database
    .prepare(
      `SELECT sent_at_ms, value ->> '$.sinceMs' AS since_ms
       FROM idempotency_keys, idempotency_meta WHERE name = 'guard'`,
    )
    .get();
  expect(row?.['since_ms']).toBe(row?.['sent_at_ms']);
  return row?.['sent_at_ms'];
}

describe('the clock of a SQLite store', () => {
  it('begins with the wall clock', () => {
    expect(readAt({})).toEqual({ nowMs: WALL_MS, evenSinceMs: 0, leasesSinceMs: 0 });
  });

  it.each([
    ['ahead', HOUR_MS, HOUR_MS],
    ['ahead by a small step', 900, 0],
    ['back', -HOUR_MS, 0],
  ])('runs on when the wall clock is set %s, and lookups look further back', (_way, ms, moreMs) => {
    const atMs = send();
    const { nowMs, evenSinceMs } = readAt({ elapsedMs: UPTIME_MS + 5, wallMs: WALL_MS + 5 + ms });
    expect([nowMs, evenSinceMs]).toEqual([atMs + 5, 0]);
    expect(sentAtMs()).toBe(atMs - moreMs);
    expect(after(1).nowMs).toBe(atMs + 6);
    expect(sentAtMs()).toBe(atMs - moreMs);
  });

  it.each<[string, number, number, (atMs: number) => [nowMs: number, sentAtMs: number]]>([
    ['within the lease', 0, 10_000, (at) => [at + 10_000, at]],
    ['after the lease', 0, HOUR_MS, (at) => [at + LEASE_MS, at - HOUR_MS + LEASE_MS]],
    ['before the last record', 0, -HOUR_MS, (at) => [at, 0]],
    [
      'after the lease, after it was set ahead',
      HOUR_MS,
      HOUR_MS,
      (at) => [at + LEASE_MS, at - HOUR_MS + LEASE_MS],
    ],
    [
      'after the lease, after it was set back',
      -HOUR_MS,
      HOUR_MS,
      (at) => [at + LEASE_MS, at - HOUR_MS + LEASE_MS],
    ],
  ])(
    'after another start of the machine it goes by the wall clock: %s',
    (_title, setMs, laterMs, expected) => {
      readAt({});
      readAt({ wallMs: WALL_MS + setMs });
      const atMs = send();
      const time = readAt({ boot: 'second', elapsedMs: 3, wallMs: WALL_MS + setMs + laterMs });
      expect([time.nowMs, sentAtMs()]).toEqual(expected(atMs));
      expect(time.evenSinceMs).toBe(time.nowMs);
      expect(after(7)).toEqual({ ...time, nowMs: time.nowMs + 7 });
    },
  );

  it('knows the time of the wall clock', () => {
    const atMs = send();
    expect(clock.wallTimeOf(atMs)).toBe(WALL_MS);
    after(HOUR_MS);
    readAt({ wallMs: clocks.wallMs + HOUR_MS });
    expect(clock.wallTimeOf(atMs)).toBe(WALL_MS + HOUR_MS);
  });

  it('knows how long ago the last change was, until it goes on after a start', () => {
    expect(clock.newestAgoMs()).toBeUndefined();
    send();
    after(HOUR_MS);
    expect(clock.newestAgoMs()).toBe(HOUR_MS);
    clocks = { boot: 'second', elapsedMs: 3, wallMs: clocks.wallMs + HOUR_MS };
    expect(clock.newestAgoMs()).toBe(2 * HOUR_MS);
    clock.read();
    expect(clock.newestAgoMs()).toBeUndefined();
  });

  it('counts no times that cannot be read', () => {
    const atMs = send();
    database.exec(`INSERT INTO idempotency_keys (key, state, fence, content, lease_until_ms,
      ever_unknown, changed_at_ms)
      VALUES ('damaged', 'reserved', 1, 'x', 9007199254740993, 0, 9007199254740993)`);
    after(HOUR_MS);
    expect(clock.newestAgoMs()).toBe(HOUR_MS);
    const wallMs = clocks.wallMs + HOUR_MS;
    expect(readAt({ boot: 'second', elapsedMs: 3, wallMs }).nowMs).toBe(atMs + LEASE_MS);
  });

  it('starts again from the wall clock when there are no records', () => {
    readAt({});
    const wallMs = WALL_MS - HOUR_MS;
    expect(readAt({ boot: 'second', elapsedMs: 3, wallMs }).nowMs).toBe(wallMs);
  });
});

describe('where the machine does not identify its start', () => {
  const readWall = (wallMs: number) => readAt({ boot: undefined, elapsedMs: wallMs, wallMs });

  it('follows the wall clock', () => {
    readWall(WALL_MS);
    const atMs = send();
    expect(readWall(WALL_MS + HOUR_MS).nowMs).toBe(atMs + HOUR_MS);
    expect(sentAtMs()).toBe(atMs);
  });

  it('stands still while the wall clock is a little behind', () => {
    readWall(WALL_MS);
    const atMs = send();
    expect(readWall(WALL_MS - 900)).toMatchObject({ nowMs: atMs, evenSinceMs: 0 });
    expect(sentAtMs()).toBe(atMs);
  });

  it('goes on from its last record when the wall clock is set back', () => {
    readWall(WALL_MS);
    const atMs = send();
    expect(readWall(WALL_MS - HOUR_MS)).toMatchObject({ nowMs: atMs, evenSinceMs: atMs });
    expect(readWall(WALL_MS - HOUR_MS + 10).nowMs).toBe(atMs + 10);
    expect(sentAtMs()).toBe(0);
  });
});
