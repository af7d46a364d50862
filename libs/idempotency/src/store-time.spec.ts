import { describe, expect, it } from '@jest/globals';
import { storeTransition } from './store-transition.ts';
import { CLOCK_STEP_MS, EARLIEST_MS, type StoreTime } from './store-time.ts';
import { EVENTS, FENCE, LEASE_MS, NOW, RECORDS, transitionAt } from './testing/key-records.ts';
import type { KeyEvent, KeyRecord } from './transition.ts';

const acquire: KeyEvent = { kind: 'acquire', fingerprint: 'fingerprint', leaseMs: LEASE_MS };
const HOUR_MS = 3_600_000;

/** The clock has gone back by 5 s since the last change of the record. */
const BACK: StoreTime = { nowMs: NOW - 1 - 5000, evenSinceMs: 0, leasesSinceMs: 0 };
/** The clock has jumped ahead since, and the store knows when. */
const AHEAD: StoreTime = {
  nowMs: NOW + HOUR_MS + 3,
  evenSinceMs: NOW + HOUR_MS,
  leasesSinceMs: NOW + HOUR_MS,
};
/** The record is of another start of the machine, and its lease counts. */
const ANOTHER_START: StoreTime = { ...AHEAD, leasesSinceMs: 0 };

/** A lease of 2,000 ms, of which 1 ms has gone. */
const held = (record: KeyRecord): KeyRecord => ({ ...record, leaseUntilMs: NOW + 1999 });

const at = (found: KeyRecord, event: KeyEvent, time: StoreTime) =>
  transitionAt(found, event, time.nowMs, { time });

describe('a clock that has gone back', () => {
  const { nowMs } = BACK;

  it.each(['reserved', 'sent', 'reserved after unknown', 'sent after unknown'] as const)(
    'leaves a record that is %s a lease as long as before, and the store keeps it',
    (name) => {
      const found = held(RECORDS[name]);
      const { outcome, record } = at(found, acquire, BACK);
      expect(outcome).toEqual({ kind: 'in-progress', leftMs: 2000 });
      expect(record).toMatchObject({ leaseUntilMs: nowMs + 2000, changedAtMs: nowMs });
      expect(at({ ...found, ...record }, acquire, { ...BACK, nowMs: nowMs + 2000 })).toMatchObject({
        outcome: { kind: 'acquired' },
      });
    },
  );

  it('opens the lookup at the earliest, and starts the settling time again', () => {
    const { outcome, record } = at(RECORDS.unknown, acquire, BACK);
    expect(outcome).toMatchObject({ lookup: { sentAtMs: EARLIEST_MS, abandonedAtMs: nowMs } });
    expect(record).toMatchObject({ sentAtMs: EARLIEST_MS, abandonedAtMs: nowMs });
  });

  it('does not shorten the time that an attempt of another process may still run', () => {
    const running = { ...RECORDS.unknown, abandonedAtMs: NOW - 1 + 50 };
    expect(at(running, acquire, BACK).outcome).toMatchObject({
      lookup: { abandonedAtMs: nowMs + 50 },
    });
  });

  it('changes nothing while it is only set right in small steps', () => {
    const time = { ...BACK, nowMs: NOW - 1 - CLOCK_STEP_MS };
    expect(at(held(RECORDS.sent), acquire, time).record).toBeUndefined();
  });

  it('leaves the lease to its holder', () => {
    for (const event of EVENTS.filter((each) => 'fence' in each)) {
      expect(at(held(RECORDS.sent), event, BACK).outcome.kind).toBe('updated');
    }
    const abandoned = at(held(RECORDS.sent), { kind: 'abandon', fence: FENCE }, BACK).record;
    expect(abandoned).toMatchObject({ sentAtMs: EARLIEST_MS, abandonedAtMs: nowMs });
  });

  it('does not change what is done', () => {
    expect(at(RECORDS.done, acquire, BACK)).toMatchObject({ record: undefined });
  });
});

describe('a clock that has jumped ahead', () => {
  it('starts the lease again, and the store keeps it', () => {
    const { outcome, record } = at(held(RECORDS.sent), acquire, AHEAD);
    expect(outcome).toEqual({ kind: 'in-progress', leftMs: 1997 });
    expect(record).toMatchObject({ leaseUntilMs: AHEAD.evenSinceMs + 2000 });
  });

  it('starts the settling time again, and looks back as far as before', () => {
    const { sentAtMs } = RECORDS.unknown;
    expect(at(RECORDS.unknown, acquire, AHEAD).outcome).toMatchObject({
      lookup: { sentAtMs, abandonedAtMs: AHEAD.evenSinceMs },
    });
  });

  it('does not shorten the time that an attempt of another process may still run', () => {
    const abandonedAtMs = AHEAD.evenSinceMs + 50;
    expect(at({ ...RECORDS.unknown, abandonedAtMs }, acquire, AHEAD).outcome).toMatchObject({
      lookup: { abandonedAtMs },
    });
  });

  it('changes nothing for a record from after the jump', () => {
    const found = { ...held(RECORDS.sent), changedAtMs: AHEAD.evenSinceMs + 1 };
    expect(at(found, acquire, AHEAD).outcome.kind).toBe('acquired');
  });
});

describe('another start of the machine', () => {
  it('ends a lease by the wall clock, and starts the settling time again', () => {
    expect(at(held(RECORDS.sent), acquire, ANOTHER_START).outcome).toMatchObject({
      kind: 'acquired',
      lookup: { abandonedAtMs: ANOTHER_START.evenSinceMs },
    });
  });

  it('leaves a lease that has not ended by the wall clock', () => {
    const found = { ...RECORDS.sent, leaseUntilMs: ANOTHER_START.nowMs + 500 };
    expect(at(found, acquire, ANOTHER_START).outcome).toEqual({ kind: 'in-progress', leftMs: 500 });
  });
});

describe('a duplicate', () => {
  const decision = (duplicate: KeyRecord, time: StoreTime, event = acquire) =>
    storeTransition(
      {
        own: undefined,
        duplicate,
        ownedByAnother: false,
        time,
        unknownDuplicates: 0,
        nextFence: 1,
      },
      event,
    );

  it.each([
    ['gone back', BACK, BACK.nowMs + 2000],
    ['jumped ahead', AHEAD, AHEAD.evenSinceMs + 2000],
  ])(
    'keeps its lease when the clock has %s, and the store keeps it',
    (_way, time, leaseUntilMs) => {
      expect(decision(held(RECORDS.sent), time)).toEqual({
        outcome: { kind: 'in-progress', leftMs: leaseUntilMs - time.nowMs },
        duplicate: { ...held(RECORDS.sent), ...movedTimes(time, leaseUntilMs) },
      });
    },
  );

  it('keeps its lease while a request of this process holds it', () => {
    const time = { nowMs: NOW, evenSinceMs: 0, leasesSinceMs: 0 };
    const lapsed = RECORDS['sent, lapsed'];
    const inProgress = { outcome: { kind: 'in-progress', leftMs: 0 } };
    expect(decision(lapsed, time, { ...acquire, heldHere: true })).toEqual(inProgress);
    expect(decision(lapsed, time).outcome.kind).toBe('acquired');
  });
});

/** After a jump ahead the time of sending stays: it reaches back further as it is. */
function movedTimes(time: StoreTime, leaseUntilMs: number): Partial<KeyRecord> {
  const changed = { leaseUntilMs, changedAtMs: time.nowMs };
  return time === BACK ? { ...changed, sentAtMs: EARLIEST_MS } : changed;
}
