import { describe, expect, it } from '@jest/globals';
import { afterExpiry } from './lease.ts';
import { EARLIEST_MS } from './store-time.ts';
import type { KeyEvent, KeyRecord } from './transition.ts';
import {
  RESPONSE,
  EVENTS,
  FENCE,
  LEASE_MS,
  NOW,
  RECORDS,
  transitionAt,
} from './testing/key-records.ts';

type RecordName = keyof typeof RECORDS;

/** For each record, the results of all events: the new state after an update, else the outcome. */
const TABLE: readonly (readonly [RecordName, string])[] = [
  // acquire, with another fingerprint, send, renew, complete, release, abandon, resolve with and without a customer, repeat, lost, discard
  [
    'nothing',
    'acquired, acquired, stale, stale, stale, stale, stale, stale, stale, lookup, unknown, stale',
  ],
  [
    'reserved',
    'in-progress, fingerprint-mismatch, sent, reserved, done, deleted, deleted, stale, stale, in-progress, reserved, stale',
  ],
  [
    'reserved, lapsed',
    'acquired, acquired, stale, stale, done, deleted, deleted, stale, stale, lookup, unknown, stale',
  ],
  [
    'reserved after unknown',
    'in-progress, fingerprint-mismatch, sent, reserved, done, unknown, unknown, stale, stale, in-progress, reserved, stale',
  ],
  [
    'reserved after unknown, lapsed',
    'lookup, fingerprint-mismatch, stale, stale, done, unknown, unknown, unknown, free, lookup, unknown, stale',
  ],
  [
    'sent',
    'in-progress, fingerprint-mismatch, sent, sent, done, deleted, unknown, stale, stale, in-progress, sent, stale',
  ],
  [
    'sent, lapsed',
    'lookup, fingerprint-mismatch, stale, stale, done, deleted, unknown, unknown, free, lookup, unknown, stale',
  ],
  [
    'sent after unknown',
    'in-progress, fingerprint-mismatch, sent, sent, done, unknown, unknown, stale, stale, in-progress, sent, stale',
  ],
  [
    'sent after unknown, lapsed',
    'lookup, fingerprint-mismatch, stale, stale, done, unknown, unknown, unknown, free, lookup, unknown, stale',
  ],
  [
    'done',
    'replay, fingerprint-mismatch, stale, stale, stale, stale, stale, stale, stale, replay, stale, done',
  ],
  [
    'damaged',
    'damaged, fingerprint-mismatch, stale, stale, stale, stale, stale, unknown, free, damaged, stale, stale',
  ],
  [
    'free',
    'acquired, acquired, stale, stale, stale, stale, stale, stale, stale, lookup, unknown, stale',
  ],
  [
    'unknown',
    'lookup, fingerprint-mismatch, stale, stale, stale, stale, stale, unknown, free, lookup, unknown, stale',
  ],
];

const HELD = TABLE.map(([name]) => name).filter((name) => /^(reserved|sent)/.test(name));

function resultOf(found: KeyRecord | undefined, event: KeyEvent): string {
  const { record, isDeleted, outcome } = transitionAt(found, event);
  if (isDeleted) return 'deleted';
  if (outcome.kind === 'updated') return record?.state ?? 'no record';
  // Any other outcome must not change the record.
  expect(record?.state).toBe(outcome.kind === 'acquired' ? 'reserved' : undefined);
  return outcome.kind === 'acquired' && outcome.lookup ? 'lookup' : outcome.kind;
}

function recordNamed(name: RecordName): KeyRecord {
  const record = RECORDS[name];
  if (!record) throw new TypeError(`the record "${name}" is undefined`);
  return record;
}

const apply = (name: RecordName, event: KeyEvent): KeyRecord | undefined =>
  transitionAt(RECORDS[name], event).record;
const acquire: KeyEvent = { kind: 'acquire', fingerprint: 'fingerprint', leaseMs: LEASE_MS };
const send: KeyEvent = { kind: 'send', fence: FENCE, leaseMs: LEASE_MS };

describe('transition', () => {
  it('is tested with every record', () => {
    expect(TABLE.map(([name]) => name)).toEqual(Object.keys(RECORDS));
  });

  it.each(TABLE)('applies the events to the record "%s": %s', (name, row) => {
    expect(EVENTS.map((event) => resultOf(RECORDS[name], event)).join(', ')).toBe(row);
  });

  it.each(TABLE)('rejects every other fence of the record "%s"', (name) => {
    for (const event of EVENTS) {
      if (!('fence' in event)) continue;
      for (const fence of [FENCE - 1, FENCE + 1]) {
        expect(resultOf(RECORDS[name], { ...event, fence })).toBe('stale');
      }
    }
  });

  it('returns how long the key is held', () => {
    const { outcome } = transitionAt(RECORDS.sent, acquire, NOW - 9);
    expect(outcome).toEqual({ kind: 'in-progress', leftMs: 10 });
  });

  it('replays the stored response', () => {
    expect(transitionAt(RECORDS.done, acquire).outcome).toEqual({
      kind: 'replay',
      response: RESPONSE,
    });
  });

  // A process of release 0.2.0 counts from the fence of each record.
  it('acquires with a later fence than that of the record, also when the counter is behind', () => {
    const { outcome } = transitionAt(RECORDS.unknown, acquire, NOW, { nextFence: FENCE });
    expect(outcome).toMatchObject({ kind: 'acquired', fence: FENCE + 1 });
  });

  it('acquires with a new fence and a new lease', () => {
    const fence = FENCE + 10;
    expect(apply('nothing', acquire)).toMatchObject({ fence, leaseUntilMs: NOW + LEASE_MS });
    expect(apply('free', acquire)).toMatchObject({ fence });
    expect(apply('unknown', acquire)).toMatchObject({ fence, everUnknown: true });
    expect(apply('sent, lapsed', acquire)).toMatchObject({ fence });
    const { record } = transitionAt(RECORDS.free, acquire, NOW, { nextFence: 1 });
    expect(record).toMatchObject({ fence: FENCE + 1 });
  });

  it('keeps the time of the first attempt with an unknown outcome', () => {
    expect(apply('reserved', send)).toMatchObject({ sentAtMs: NOW });
    expect(apply('sent', send)).toMatchObject({ sentAtMs: NOW });
    expect(apply('reserved after unknown', send)).toMatchObject({ sentAtMs: 5000 });
  });

  it('keeps the end of the last attempt with an unknown outcome', () => {
    const abandon: KeyEvent = { kind: 'abandon', fence: FENCE };
    expect(apply('sent', abandon)).toMatchObject({ everUnknown: true, abandonedAtMs: NOW });
    expect(apply('sent after unknown', abandon)).toMatchObject({ abandonedAtMs: NOW });
    expect(apply('reserved after unknown', abandon)).toMatchObject({ abandonedAtMs: 6000 });
  });

  it('returns the times of the attempts for a lookup', () => {
    const lookup = { sentAtMs: 9000, abandonedAtMs: NOW, nowMs: NOW + 5 };
    expect(transitionAt(RECORDS['sent, lapsed'], acquire, NOW + 5).outcome).toMatchObject({
      kind: 'acquired',
      lookup,
    });
  });

  it('returns the number of unknown duplicates for a lookup', () => {
    const unknownDuplicates = (name: RecordName, count: number): number | undefined => {
      const context = { unknownDuplicates: count };
      const { outcome } = transitionAt(RECORDS[name], acquire, NOW, context);
      return outcome.kind === 'acquired' ? outcome.lookup?.unknownDuplicates : undefined;
    };
    expect(unknownDuplicates('unknown', 2)).toBe(2);
    expect(unknownDuplicates('sent, lapsed', 1)).toBe(1);
  });

  it('reports that it took over an expired lease', () => {
    const tookOver = (name: RecordName) => {
      const { outcome } = transitionAt(RECORDS[name], acquire);
      return outcome.kind === 'acquired' && outcome.tookOver;
    };
    expect(tookOver('sent, lapsed')).toBe(true);
    expect(tookOver('reserved, lapsed')).toBe(true);
    expect(tookOver('unknown')).toBe(false);
    expect(tookOver('nothing')).toBe(false);
  });

  it('requires a lookup for an unknown record whose times are missing', () => {
    const lost = { ...recordNamed('unknown'), sentAtMs: undefined, abandonedAtMs: undefined };
    expect(transitionAt(lost, acquire).outcome).toMatchObject({
      lookup: { sentAtMs: EARLIEST_MS, abandonedAtMs: NOW },
    });
  });

  it('returns the customer that an operator has named for a lookup', () => {
    const named = apply('unknown', { kind: 'resolve', customer: 'named' });
    expect(transitionAt(named, acquire).outcome).toMatchObject({ lookup: { customer: 'named' } });
    expect(transitionAt(named, acquire).record).toMatchObject({ customer: 'named' });
  });

  it('gets another response, and keeps none that was discarded', () => {
    const discard: KeyEvent = { kind: 'discard', response: RESPONSE };
    expect(apply('done', discard)).toMatchObject({ state: 'done', response: undefined });
    const other = { ...recordNamed('done'), response: Uint8Array.of(1, 2, 4) };
    expect(transitionAt(other, discard).outcome.kind).toBe('stale');
  });

  it('looks a damaged key up by the customer that an operator has named', () => {
    const named = apply('damaged', { kind: 'resolve', customer: 'named' });
    expect(named).toMatchObject({ state: 'unknown', everUnknown: true });
    expect(transitionAt(named, acquire).outcome).toMatchObject({ lookup: { customer: 'named' } });
  });

  it('drops the attempts of a free key and keeps the response of a done key', () => {
    const freed = { ...recordNamed('free'), sentAtMs: 1, abandonedAtMs: 2 };
    expect(transitionAt(freed, acquire).record).toMatchObject({
      sentAtMs: undefined,
      abandonedAtMs: undefined,
    });
    const complete: KeyEvent = {
      kind: 'complete',
      fence: FENCE,
      customer: 'x',
      response: RESPONSE,
    };
    expect(apply('sent', complete)).toMatchObject({ customer: 'x', response: RESPONSE });
  });
});

describe('expired', () => {
  it.each<[RecordName, string]>([
    ['reserved, lapsed', 'free'],
    ['reserved after unknown, lapsed', 'unknown'],
    ['sent, lapsed', 'unknown'],
    ['sent after unknown, lapsed', 'unknown'],
  ])('changes the record "%s" to %s', (name, state) => {
    expect(afterExpiry(recordNamed(name))).toMatchObject({ state });
  });

  it('takes the end of the lease as the end of the attempt', () => {
    const record = { ...recordNamed('sent, lapsed'), leaseUntilMs: 8000 };
    expect(afterExpiry(record)).toMatchObject({ everUnknown: true, abandonedAtMs: 8000 });
  });

  it.each(HELD)('rejects the former holder of the record "%s"', (name) => {
    const after = afterExpiry(recordNamed(name));
    const events = EVENTS.filter((event) => 'fence' in event);
    for (const event of events) expect(resultOf(after, event)).toBe('stale');
  });
});
