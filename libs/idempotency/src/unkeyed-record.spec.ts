import { describe, expect, it } from '@jest/globals';
import {
  EARLIER,
  FENCE,
  LEASE_MS,
  NOW,
  RECORDS,
  REPLAY_MS,
  transitionAt,
} from './testing/key-records.ts';
import type { KeyEvent, KeyRecord } from './transition.ts';

const repeat: KeyEvent = {
  kind: 'acquire',
  fingerprint: 'fingerprint',
  leaseMs: LEASE_MS,
  earlier: EARLIER,
};
const lost: KeyEvent = {
  kind: 'lost',
  fingerprint: 'fingerprint',
  beganAgoMs: 2000,
  replayForMs: REPLAY_MS,
};
const apply = transitionAt;
const ended: KeyRecord = { ...RECORDS.done, everUnknown: true, leaseUntilMs: NOW };

describe('a repeat without a key', () => {
  it('assumes an earlier attempt when there is no record', () => {
    const times = { sentAtMs: NOW - EARLIER.beganAgoMs, abandonedAtMs: NOW + EARLIER.mayRunForMs };
    const { record, outcome } = apply(undefined, repeat);
    expect(record).toMatchObject({ state: 'reserved', everUnknown: true, ...times });
    expect(outcome).toMatchObject({ kind: 'acquired', lookup: { ...times, nowMs: NOW } });
  });

  it('goes by the times of a record', () => {
    expect(apply(RECORDS.unknown, repeat).outcome).toMatchObject({
      lookup: { sentAtMs: 5000, abandonedAtMs: 6000 },
    });
  });

  it('stays unknown when it ends before it has sent', () => {
    const { record } = apply(undefined, repeat);
    expect(apply(record, { kind: 'abandon', fence: record?.fence ?? 0 }).record).toMatchObject({
      state: 'unknown',
      sentAtMs: NOW - EARLIER.beganAgoMs,
      abandonedAtMs: NOW + EARLIER.mayRunForMs,
    });
  });

  it('gets a stored response for a limited time after the create has ended', () => {
    const sent = { ...RECORDS.sent, leaseUntilMs: NOW + 500 };
    const complete: KeyEvent = {
      kind: 'complete',
      fence: FENCE,
      customer: 'x',
      response: Uint8Array.of(1),
    };
    const done = apply(sent, complete).record;
    expect(apply(done, repeat, NOW + REPLAY_MS).outcome.kind).toBe('replay');
    expect(apply(done, repeat, NOW + REPLAY_MS + 1)).toMatchObject({
      record: { customer: undefined, response: undefined, everUnknown: true },
      outcome: { kind: 'acquired', lookup: { sentAtMs: NOW + REPLAY_MS + 1 - EARLIER.beganAgoMs } },
    });
  });
});

describe('a lost create without a key', () => {
  it('leaves a record with its times', () => {
    expect(apply(undefined, lost).record).toMatchObject({
      state: 'unknown',
      fence: 0,
      everUnknown: true,
      sentAtMs: NOW - 2000,
      abandonedAtMs: NOW,
    });
  });

  it('widens the times of a record that it shares', () => {
    const { record } = apply(RECORDS.unknown, { ...lost, beganAgoMs: 9000 });
    expect(record).toMatchObject({ sentAtMs: NOW - 9000, abandonedAtMs: NOW });
    const later = { ...RECORDS.unknown, abandonedAtMs: NOW + 50 };
    expect(apply(later, lost).record).toMatchObject({ sentAtMs: 5000, abandonedAtMs: NOW + 50 });
  });

  it('leaves the lease of a repeat as it is', () => {
    const { fence, leaseUntilMs } = RECORDS.sent;
    const { record } = apply(RECORDS.sent, lost);
    expect(record).toMatchObject({ state: 'sent', fence, leaseUntilMs, sentAtMs: NOW - 2000 });
    expect(apply(record, { kind: 'release', fence: FENCE }).record?.state).toBe('unknown');
  });

  it('changes a done record only when its response is no longer replayed', () => {
    expect(apply(ended, lost, NOW + REPLAY_MS).outcome.kind).toBe('stale');
    expect(apply(ended, lost, NOW + REPLAY_MS + 1).record).toMatchObject({
      state: 'unknown',
      fence: FENCE,
      customer: undefined,
      response: undefined,
    });
  });

  it('does not change a record with another fingerprint', () => {
    expect(apply(RECORDS.unknown, { ...lost, fingerprint: 'other' }).record).toBeUndefined();
  });
});
