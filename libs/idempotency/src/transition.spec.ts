import { describe, expect, it } from '@jest/globals';
import { type KeyEvent, type KeyRecord, expired, transition } from './transition.ts';
import { ANSWER, EVENTS, FENCE, LEASE_MS, NOW, RECORDS } from './testing/key-records.ts';

type RecordName = keyof typeof RECORDS;

/** By record, what each event brings about: a state where it moves, else the outcome. */
const TABLE: readonly (readonly [RecordName, string])[] = [
  // claim, of another body, send, renew, done, release, abandon, resolve with a customer and without
  ['nothing', 'claimed, claimed, lost, lost, lost, lost, lost, lost, lost'],
  ['reserved', 'running, another-body, sent, reserved, done, free, free, lost, lost'],
  ['reserved, lapsed', 'claimed, claimed, lost, lost, done, free, free, lost, lost'],
  [
    'reserved in doubt',
    'running, another-body, sent, reserved, done, unknown, unknown, lost, lost',
  ],
  [
    'reserved in doubt, lapsed',
    'look, another-body, lost, lost, done, unknown, unknown, unknown, free',
  ],
  ['sent', 'running, another-body, sent, sent, done, free, unknown, lost, lost'],
  ['sent, lapsed', 'look, another-body, lost, lost, done, free, unknown, unknown, free'],
  ['sent in doubt', 'running, another-body, sent, sent, done, unknown, unknown, lost, lost'],
  [
    'sent in doubt, lapsed',
    'look, another-body, lost, lost, done, unknown, unknown, unknown, free',
  ],
  ['done', 'replay, another-body, lost, lost, lost, lost, lost, lost, lost'],
  ['free', 'claimed, claimed, lost, lost, lost, lost, lost, lost, lost'],
  ['unknown', 'look, another-body, lost, lost, lost, lost, lost, unknown, free'],
];

const HELD = TABLE.map(([name]) => name).filter((name) => /^(reserved|sent)/.test(name));

function brought(found: KeyRecord | undefined, event: KeyEvent, nowMs = NOW): string {
  const { record, outcome } = transition(found, event, nowMs);
  if (outcome.kind === 'moved') return record?.state ?? 'nothing moved';
  // Whatever moves nothing must not write either.
  expect(record?.state).toBe(outcome.kind === 'claimed' ? 'reserved' : undefined);
  return outcome.kind === 'claimed' && outcome.look ? 'look' : outcome.kind;
}

function holding(name: RecordName): KeyRecord {
  const record = RECORDS[name];
  if (!record) throw new TypeError(`There is no record in "${name}"`);
  return record;
}

const apply = (name: RecordName, event: KeyEvent): KeyRecord | undefined =>
  transition(RECORDS[name], event, NOW).record;
const claim: KeyEvent = { kind: 'claim', content: 'content', leaseMs: LEASE_MS };
const send: KeyEvent = { kind: 'send', fence: FENCE, leaseMs: LEASE_MS };

describe('transition', () => {
  it('is tried with every record', () => {
    expect(TABLE.map(([name]) => name)).toEqual(Object.keys(RECORDS));
  });

  it.each(TABLE)('makes of %s, event by event: %s', (name, row) => {
    expect(EVENTS.map((event) => brought(RECORDS[name], event)).join(', ')).toBe(row);
  });

  it.each(TABLE)('listens to no old fence: %s', (name) => {
    for (const event of EVENTS) {
      if (!('fence' in event)) continue;
      for (const fence of [FENCE - 1, FENCE + 1]) {
        expect(brought(RECORDS[name], { ...event, fence })).toBe('lost');
      }
    }
  });

  it('says for how long the key is held', () => {
    const { outcome } = transition(RECORDS.sent, claim, NOW - 9);
    expect(outcome).toEqual({ kind: 'running', leftMs: 10 });
  });

  it('replays the answer that is remembered', () => {
    expect(transition(RECORDS.done, claim, NOW).outcome).toEqual({
      kind: 'replay',
      answer: ANSWER,
    });
  });

  it('claims with a new fence and a new lease', () => {
    expect(apply('nothing', claim)).toMatchObject({ fence: 1, leaseUntilMs: NOW + LEASE_MS });
    expect(apply('free', claim)).toMatchObject({ fence: FENCE + 1 });
    expect(apply('unknown', claim)).toMatchObject({ fence: FENCE + 1, everUnknown: true });
    // One for the expiry, one for the claim.
    expect(apply('sent, lapsed', claim)).toMatchObject({ fence: FENCE + 2 });
  });

  it('opens the window with the first attempt that may have been carried out', () => {
    expect(apply('reserved', send)).toMatchObject({ sentAtMs: NOW });
    expect(apply('sent', send)).toMatchObject({ sentAtMs: NOW });
    expect(apply('reserved in doubt', send)).toMatchObject({ sentAtMs: 5000 });
  });

  it('lets settle from the end of the last such attempt', () => {
    const abandon: KeyEvent = { kind: 'abandon', fence: FENCE };
    expect(apply('sent', abandon)).toMatchObject({ everUnknown: true, abandonedAtMs: NOW });
    expect(apply('sent in doubt', abandon)).toMatchObject({ abandonedAtMs: NOW });
    expect(apply('reserved in doubt', abandon)).toMatchObject({ abandonedAtMs: 6000 });
  });

  it('tells who looks what there is to know', () => {
    const look = { sentAtMs: 9000, abandonedAtMs: NOW, nowMs: NOW + 5 };
    expect(transition(RECORDS['sent, lapsed'], claim, NOW + 5).outcome).toMatchObject({
      kind: 'claimed',
      look,
    });
  });

  it('tells who looks how many matches may be those of duplicates', () => {
    const unsettledDuplicates = (name: RecordName, ...count: [number?]): number | undefined => {
      const { outcome } = transition(RECORDS[name], claim, NOW, ...count);
      return outcome.kind === 'claimed' ? outcome.look?.unsettledDuplicates : undefined;
    };
    expect(unsettledDuplicates('unknown', 2)).toBe(2);
    expect(unsettledDuplicates('sent, lapsed', 1)).toBe(1);
    // A store that does not count them leaves a key unknown too often, and takes no wrong customer.
    expect(unsettledDuplicates('unknown')).toBe(0);
  });

  it('says who was not done in time', () => {
    const tookOver = (name: RecordName) => {
      const { outcome } = transition(RECORDS[name], claim, NOW);
      return outcome.kind === 'claimed' && outcome.tookOver;
    };
    expect(tookOver('sent, lapsed')).toBe(true);
    expect(tookOver('reserved, lapsed')).toBe(true);
    expect(tookOver('unknown')).toBe(false);
    expect(tookOver('nothing')).toBe(false);
  });

  it('tells who looks what an operator has said, and who claims a free key nothing', () => {
    const said = apply('unknown', { kind: 'resolve', customer: 'said' });
    expect(transition(said, claim, NOW).outcome).toMatchObject({ look: { customer: 'said' } });
    expect(transition(said, claim, NOW).record).toMatchObject({ customer: 'said' });
    const none = apply('unknown', { kind: 'resolve', customer: undefined });
    expect(transition(none, claim, NOW).outcome).toMatchObject({ look: undefined });
    expect(none).toMatchObject({ everUnknown: false, customer: undefined });
  });

  it('forgets the attempts of a key that is free, and the answer of none that is done', () => {
    const freed = { ...holding('free'), sentAtMs: 1, abandonedAtMs: 2 };
    expect(transition(freed, claim, NOW).record).toMatchObject({
      sentAtMs: undefined,
      abandonedAtMs: undefined,
    });
    const done: KeyEvent = { kind: 'done', fence: FENCE, customer: 'x', answer: ANSWER };
    expect(apply('sent', done)).toMatchObject({ customer: 'x', answer: ANSWER });
  });
});

describe('expired', () => {
  it.each<[RecordName, string]>([
    ['reserved, lapsed', 'free'],
    ['reserved in doubt, lapsed', 'unknown'],
    ['sent, lapsed', 'unknown'],
    ['sent in doubt, lapsed', 'unknown'],
  ])('makes of %s: %s', (name, state) => {
    expect(expired(holding(name))).toMatchObject({ state, fence: FENCE + 1 });
  });

  it('counts an attempt as given up when its lease ended', () => {
    const record = { ...holding('sent, lapsed'), leaseUntilMs: 8000 };
    expect(expired(record)).toMatchObject({ everUnknown: true, abandonedAtMs: 8000 });
  });

  it.each(HELD)('shuts out who held it: %s', (name) => {
    const gone = expired(holding(name));
    const events = EVENTS.filter((event) => 'fence' in event);
    for (const event of events) expect(brought(gone, event)).toBe('lost');
  });
});
