import { expect, test } from '@jest/globals';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import {
  EXPIRED,
  HOUR_MS,
  RESPONSE,
  abandon,
  acquire,
  acquireRepeat,
  apply,
  applyAll,
  complete,
  discard,
  lost,
  release,
  renew,
  resolve,
  send,
} from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

type Row = readonly [
  title: string,
  events: readonly KeyEvent[],
  outcome: object,
  state: string | undefined,
];

const CLEAN = { kind: 'acquired', lookup: undefined };
const LOOKUP = { kind: 'acquired', lookup: { sentAtMs: expect.any(Number) } };
const UPDATED = { kind: 'updated' };
const IN_PROGRESS = { kind: 'in-progress' };
const STALE = { kind: 'stale' };
const MISMATCH = { kind: 'fingerprint-mismatch' };
const REPLAY = { kind: 'replay', response: RESPONSE };

const ROWS: readonly Row[] = [
  ['acquires a new key', [acquire()], CLEAN, 'reserved'],
  ['does not acquire a reserved key', [acquire(), acquire()], IN_PROGRESS, 'reserved'],
  ['does not acquire a sent key', [acquire(), send(), acquire()], IN_PROGRESS, 'sent'],
  [
    'rejects another fingerprint for a held key',
    [acquire(), acquire('dinner')],
    MISMATCH,
    'reserved',
  ],
  ['sends under a lease', [acquire(), send()], UPDATED, 'sent'],
  ['sends a second attempt', [acquire(), send(), send()], UPDATED, 'sent'],
  ['renews a lease', [acquire('lunch', 1000), renew(), acquire()], IN_PROGRESS, 'reserved'],
  ['completes an attempt', [acquire(), send(), complete()], UPDATED, 'done'],
  ['completes without an attempt', [acquire(), complete()], UPDATED, 'done'],
  [
    'replays the response of a done key',
    [acquire(), send(), complete(), acquire()],
    REPLAY,
    'done',
  ],
  [
    'rejects another fingerprint for a done key',
    [acquire(), complete(), acquire('x')],
    MISMATCH,
    'done',
  ],
  ['deletes the record of a released key', [acquire(), send(), release()], UPDATED, undefined],
  [
    'acquires a released key with another fingerprint',
    [acquire(), release(), acquire('x')],
    CLEAN,
    'reserved',
  ],
  [
    'deletes the record of a key that is abandoned before an attempt',
    [acquire(), abandon()],
    UPDATED,
    undefined,
  ],
  [
    'makes a key unknown that is abandoned after an attempt',
    [acquire(), send(), abandon()],
    UPDATED,
    'unknown',
  ],
  [
    'requires a lookup for an unknown key',
    [acquire(), send(), abandon(), acquire()],
    LOOKUP,
    'reserved',
  ],
  [
    'rejects another fingerprint for an unknown key',
    [acquire(), send(), abandon(), acquire('x')],
    MISMATCH,
    'unknown',
  ],
  [
    'keeps a key unknown that is released after a lookup',
    [acquire(), send(), abandon(), acquire(), release(2)],
    UPDATED,
    'unknown',
  ],
  [
    'replays the response after a lookup',
    [acquire(), send(), abandon(), acquire(), complete(2), acquire()],
    REPLAY,
    'done',
  ],
  [
    'acquires a reserved key after its lease',
    [acquire('lunch', EXPIRED), acquire()],
    CLEAN,
    'reserved',
  ],
  [
    'requires a lookup for a sent key after its lease',
    [acquire(), send(1, EXPIRED), acquire()],
    LOOKUP,
    'reserved',
  ],
  ['does not send after the lease', [acquire('lunch', EXPIRED), send()], STALE, 'reserved'],
  ['does not renew an expired lease', [acquire('lunch', EXPIRED), renew()], STALE, 'reserved'],
  [
    'completes after the lease if no other request has acquired the key',
    [acquire(), send(1, EXPIRED), complete()],
    UPDATED,
    'done',
  ],
  ['requires a lookup for a repeat without a record', [acquireRepeat()], LOOKUP, 'reserved'],
  [
    'requires a lookup for a repeat of a released key',
    [acquire(), release(), acquireRepeat()],
    LOOKUP,
    'reserved',
  ],
  [
    'does not acquire for a second repeat',
    [acquireRepeat(), acquireRepeat()],
    IN_PROGRESS,
    'reserved',
  ],
  [
    'replays the response to a second repeat',
    [acquireRepeat(), complete(), acquireRepeat()],
    REPLAY,
    'done',
  ],
  [
    'requires a lookup for a repeat that comes too late for a replay',
    [acquireRepeat(), complete(), acquireRepeat(-1)],
    LOOKUP,
    'reserved',
  ],
  ['records a lost create', [lost()], UPDATED, 'unknown'],
  ['requires a lookup after a lost create', [lost(), acquireRepeat()], LOOKUP, 'reserved'],
  ['keeps the lease when a create is lost', [acquireRepeat(), lost(), send()], UPDATED, 'sent'],
  ['keeps a response when a create is lost', [acquireRepeat(), complete(), lost()], STALE, 'done'],
  ['keeps another fingerprint when a create is lost', [lost(), lost('dinner')], STALE, 'unknown'],
  [
    'gives no response that was discarded',
    [acquire(), complete(), discard(), acquire()],
    { kind: 'damaged' },
    'done',
  ],
  [
    'discards no other response',
    [acquire(), complete(), discard(new Uint8Array([1])), acquire()],
    REPLAY,
    'done',
  ],
  [
    'requires a lookup once an operator has named the customer of a damaged key',
    [acquire(), complete(), discard(), resolve('isaiah'), acquire()],
    { kind: 'acquired', lookup: { customer: 'isaiah' } },
    'reserved',
  ],
  [
    'acquires a damaged key once an operator says that nothing was created',
    [acquire(), complete(), discard(), resolve(), acquire()],
    CLEAN,
    'reserved',
  ],
  ['does not resolve a done key', [acquire(), complete(), resolve()], STALE, 'done'],
];

const FENCED = { send, renew, complete, release, abandon };

/** The outcome of each event, and the state of the record after it. */
export function specifyProtocol(fixture: StoreFixture): void {
  test.each(ROWS)('%s', async (_title, events, outcome, state) => {
    const { store, data } = fixture;
    expect(await applyAll(store, 'key', ...events)).toMatchObject(outcome);
    expect((await data.records()).get('key')?.state).toBe(state);
  });

  test.each(Object.entries(FENCED))('%s of an older lease is stale', async (_kind, event) => {
    const { store, data } = fixture;
    await applyAll(store, 'key', acquire('lunch', EXPIRED), acquire());
    const before = await data.records();
    expect(await apply(store, 'key', event(1))).toEqual({ kind: 'stale' });
    expect(await data.records()).toEqual(before);
  });

  test.each(Object.entries(FENCED))('%s without a record is stale', async (_kind, event) => {
    const { store, data } = fixture;
    expect(await apply(store, 'key', event())).toEqual({ kind: 'stale' });
    expect(await data.records()).toEqual(new Map());
  });

  test.each(Object.entries(FENCED))(
    '%s of a lease whose record was deleted is stale, also when there is a new record',
    async (_kind, event) => {
      const { store, data } = fixture;
      await applyAll(store, 'key', acquire('lunch', EXPIRED), acquire(), release(2), acquire());
      const before = await data.records();
      expect(await apply(store, 'key', event(1))).toEqual({ kind: 'stale' });
      expect(await apply(store, 'key', event(2))).toEqual({ kind: 'stale' });
      expect(await data.records()).toEqual(before);
    },
  );

  test('gives every lease a fence of its own, also after the records were deleted', async () => {
    const { store, otherProcess, data } = fixture;
    const fences = new Set<number>();
    const rounds = [store, otherProcess, store];
    for (const process of rounds) {
      const { fence } = { fence: 0, ...(await process.apply('key', acquire())) };
      fences.add(fence);
      await process.apply('key', { kind: 'complete', fence, customer: 'c', response: RESPONSE });
      await data.age(25 * HOUR_MS);
      expect(await process.purge(24 * HOUR_MS, 10)).toBe(1);
    }
    expect(fences.size).toBe(rounds.length);
  });

  test('returns times of its own clock', async () => {
    const { store } = fixture;
    const aboutMs = Date.now();
    await applyAll(store, 'key', acquire(), send(), abandon());
    const { lookup } = { lookup: undefined, ...(await apply(store, 'key', acquire())) };
    if (!lookup) throw new Error('an unknown key requires a lookup');
    const { sentAtMs, abandonedAtMs, nowMs } = lookup;
    expect(Math.abs(sentAtMs - aboutMs)).toBeLessThan(HOUR_MS / 60);
    expect(abandonedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    expect(nowMs).toBeGreaterThanOrEqual(abandonedAtMs);
    expect(nowMs - sentAtMs).toBeLessThan(HOUR_MS / 60);
    const left = leftMs(await apply(store, 'key', acquire()));
    expect(left).toBeLessThanOrEqual(HOUR_MS);
    expect(left).toBeGreaterThan(HOUR_MS - HOUR_MS / 60);
  });
}

function leftMs(outcome: KeyOutcome): number | undefined {
  return outcome.kind === 'in-progress' ? outcome.leftMs : undefined;
}
