import { expect, test } from '@jest/globals';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import {
  abandon,
  ANSWER,
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

type Row = readonly [title: string, events: readonly KeyEvent[], outcome: object, state: string];

const CLEAN = { kind: 'claimed', look: undefined };
const LOOK = { kind: 'claimed', look: { sentAtMs: expect.any(Number) } };
const MOVED = { kind: 'moved' };
const RUNNING = { kind: 'running' };
const LOST = { kind: 'lost' };
const ANOTHER_BODY = { kind: 'another-body' };
const REPLAY = { kind: 'replay', answer: ANSWER };

const ROWS: readonly Row[] = [
  ['claims a new key', [claim()], { ...CLEAN, fence: 1 }, 'reserved'],
  ['does not claim what is held', [claim(), claim()], RUNNING, 'reserved'],
  ['does not claim what is being sent', [claim(), send(), claim()], RUNNING, 'sent'],
  ['refuses a held key with another body', [claim(), claim('dinner')], ANOTHER_BODY, 'reserved'],
  ['sends what is claimed', [claim(), send()], MOVED, 'sent'],
  ['sends a second attempt', [claim(), send(), send()], MOVED, 'sent'],
  ['renews what is claimed', [claim('lunch', 1000), renew(), claim()], RUNNING, 'reserved'],
  ['finishes what is sent', [claim(), send(), done()], MOVED, 'done'],
  ['finishes what was found', [claim(), done()], MOVED, 'done'],
  ['replays a finished answer', [claim(), send(), done(), claim()], REPLAY, 'done'],
  ['refuses a finished key with another body', [claim(), done(), claim('x')], ANOTHER_BODY, 'done'],
  ['frees what was released', [claim(), send(), release()], MOVED, 'free'],
  [
    'claims a free key with another body',
    [claim(), release(), claim('x')],
    { ...CLEAN, fence: 2 },
    'reserved',
  ],
  ['abandons what was not sent as free', [claim(), abandon()], MOVED, 'free'],
  ['abandons what was sent as unknown', [claim(), send(), abandon()], MOVED, 'unknown'],
  ['looks under an unknown key', [claim(), send(), abandon(), claim()], LOOK, 'reserved'],
  [
    'refuses an unknown key with another body',
    [claim(), send(), abandon(), claim('x')],
    ANOTHER_BODY,
    'unknown',
  ],
  ['stays unknown', [claim(), send(), abandon(), claim(), release(2)], MOVED, 'unknown'],
  [
    'replays what was found',
    [claim(), send(), abandon(), claim(), done(2), claim()],
    REPLAY,
    'done',
  ],
  [
    'takes over a reserved key',
    [claim('lunch', RUN_OUT), claim()],
    { ...CLEAN, fence: 3 },
    'reserved',
  ],
  [
    'looks under a key taken over',
    [claim(), send(1, RUN_OUT), claim()],
    { ...LOOK, fence: 3 },
    'reserved',
  ],
  ['does not send too late', [claim('lunch', RUN_OUT), send()], LOST, 'reserved'],
  ['does not renew too late', [claim('lunch', RUN_OUT), renew()], LOST, 'reserved'],
  ['finishes too late where nobody came', [claim(), send(1, RUN_OUT), done()], MOVED, 'done'],
];

const FENCED = { send, renew, done, release, abandon };

/** What each event brings about, and what is then remembered. */
export function specifyProtocol(subject: Subject): void {
  test.each(ROWS)('%s', async (_title, events, outcome, state) => {
    const { store, database } = subject;
    expect(await applyAll(store, 'key', ...events)).toMatchObject(outcome);
    expect((await database.records()).get('key')?.state).toBe(state);
  });

  test.each(Object.entries(FENCED))('%s of an older claim is lost', async (_kind, event) => {
    const { store, database } = subject;
    await applyAll(store, 'key', claim('lunch', RUN_OUT), claim());
    const before = await database.records();
    expect(await store.apply('key', event(1))).toEqual({ kind: 'lost' });
    expect(await store.apply('key', event(2))).toEqual({ kind: 'lost' });
    expect(await database.records()).toEqual(before);
  });

  test.each(Object.entries(FENCED))('%s of an unknown key is lost', async (_kind, event) => {
    const { store, database } = subject;
    expect(await store.apply('key', event())).toEqual({ kind: 'lost' });
    expect(await database.records()).toEqual(new Map());
  });

  test('tells the time by its own clock', async () => {
    const { store } = subject;
    const aboutMs = Date.now();
    await applyAll(store, 'key', claim(), send(), abandon());
    const { look } = { look: undefined, ...(await store.apply('key', claim())) };
    if (!look) throw new Error('a claim of an unknown key looks');
    const { sentAtMs, abandonedAtMs, nowMs } = look;
    expect(Math.abs(sentAtMs - aboutMs)).toBeLessThan(HOUR_MS / 60);
    expect(abandonedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    expect(nowMs).toBeGreaterThanOrEqual(abandonedAtMs);
    expect(nowMs - sentAtMs).toBeLessThan(HOUR_MS / 60);
    const left = leftMs(await store.apply('key', claim()));
    expect(left).toBeLessThanOrEqual(HOUR_MS);
    expect(left).toBeGreaterThan(HOUR_MS - HOUR_MS / 60);
  });
}

function leftMs(outcome: KeyOutcome): number | undefined {
  return outcome.kind === 'running' ? outcome.leftMs : undefined;
}
