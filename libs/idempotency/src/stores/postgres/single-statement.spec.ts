import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { customerOf, decide, type StoredState } from '../../decide.ts';
import { EVENTS, FENCE, NOW, RECORDS } from '../../testing/key-records.ts';
import type { KeyEvent, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, type Row } from '../stored-record.ts';
import { singleStatement } from './single-statement.ts';
import { lockOf, RECORD } from './postgres-keys.ts';
import { PostgresServer } from '../../testing/postgres-server.ts';
import type { PostgresStore } from './postgres-store.ts';
import { PostgresUnderTest } from '../../testing/postgres-under-test.ts';

const AHEAD_MS = 60_000;

/** Moves the times of a record from `NOW` to the current time. */
function current(record: KeyRecord): KeyRecord {
  const shifted = (ms: number) => Date.now() + (ms <= NOW ? ms - NOW - AHEAD_MS : AHEAD_MS);
  const { leaseUntilMs, sentAtMs, abandonedAtMs } = record;
  return {
    ...record,
    leaseUntilMs: shifted(leaseUntilMs),
    sentAtMs: sentAtMs && shifted(sentAtMs),
    abandonedAtMs: abandonedAtMs && shifted(abandonedAtMs),
  };
}

/** Another record in the table: the owner of the customer, or a duplicate. */
const OTHERS = {
  none: undefined,
  'an owner of the customer': { ...RECORDS.done, fingerprint: 'of the owner' },
  'a held duplicate': RECORDS.reserved,
  'a duplicate with an expired lease': RECORDS['sent, lapsed'],
} satisfies Record<string, KeyRecord | undefined>;

const FENCES = [FENCE, FENCE - 1, FENCE + 1];

const kinds = (event: KeyEvent) => (event.kind === 'acquire' ? event.fingerprint : event.kind);

describe('singleStatement', () => {
  let server: PostgresServer;
  let database: PostgresUnderTest;
  let store: PostgresStore;
  let client: pg.Client;
  beforeAll(async () => {
    server = await PostgresServer.start();
    database = await PostgresUnderTest.create(server);
    store = await database.open();
    client = new pg.Client(database.url);
    await client.connect();
  });
  beforeEach(() => client.query('TRUNCATE idempotency_keys'));
  afterAll(async () => {
    await client.end();
    await database.remove();
    await server.stop();
  });

  async function put(key: string, record: KeyRecord): Promise<void> {
    const { state, fence, fingerprint, leaseUntilMs, everUnknown } = record;
    const { sentAtMs, abandonedAtMs, customer, response } = record;
    await client.query(
      `INSERT INTO idempotency_keys (key, ${RECORD}, changed_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
      [
        ...[key, state, fence, fingerprint, leaseUntilMs, everUnknown, sentAtMs, abandonedAtMs],
        ...[customer, response && Buffer.from(response)],
      ],
    );
  }

  async function entries() {
    const { rows } = await client.query<Row>(`SELECT * FROM idempotency_keys ORDER BY key`);
    return rows.map((row) => ({
      key: row['key'],
      atMs: numberIn(row, 'changed_at_ms'),
      record: plain(recordOf(row)),
    }));
  }

  /** Runs the statement and compares the table with the decision of `decide`. */
  async function check(own: KeyRecord | undefined, other: KeyRecord | undefined, event: KeyEvent) {
    await client.query('DELETE FROM idempotency_keys');
    if (own) await put('own', own);
    if (other && !(own && collide(own, other))) await put('other', other);
    const before = await entries();
    const there = before.some(({ key }) => key === 'other') ? other : undefined;
    const single = singleStatement('own', event);
    if (!single) return 'none';
    const changed = await client.query(single.statement).then(
      ({ rowCount }) => rowCount === 1,
      (error: unknown) => {
        expect(error).toMatchObject({ code: '23505' });
        return false;
      },
    );
    const after = await entries();
    const atMs = after.find(({ key }) => key === 'own')?.atMs ?? 0;
    const customer = customerOf(event);
    const found: StoredState = {
      own,
      duplicate:
        there && event.kind === 'acquire' && isDuplicate(there, event.fingerprint)
          ? there
          : undefined,
      unknownDuplicates: 0,
      ownedByAnother: customer !== undefined && there?.customer === customer,
    };
    const decision = decide(found, event, changed ? atMs : Date.now());
    if (!changed) {
      expect(after).toEqual(before);
      // Only events that depend on other records or an earlier lease may be left to the slow path.
      const isFastPath =
        event.kind === 'acquire' ? !own && !found.duplicate : decision.own !== undefined;
      expect(isFastPath).toBe(false);
      return 'unchanged';
    }
    expect(single.outcome).toEqual(decision.outcome);
    expect(after.find(({ key }) => key === 'own')?.record).toEqual(
      decision.own && plain(decision.own),
    );
    expect(after.filter(({ key }) => key === 'other')).toEqual(
      before.filter(({ key }) => key === 'other'),
    );
    return 'changed';
  }

  it.each(Object.entries(RECORDS))(
    'agrees with the protocol or changes nothing, for the record "%s"',
    async (name, record) => {
      const own = record && current(record);
      const changed = new Set<string>();
      for (const other of Object.values(OTHERS)) {
        for (const event of EVENTS) {
          for (const fence of FENCES) {
            const fenced = 'fence' in event ? { ...event, fence } : event;
            if ((await check(own, other && current(other), fenced)) === 'changed')
              changed.add(kinds(event));
          }
        }
      }
      expect([...changed].sort()).toEqual(fastPathEvents(name));
    },
  );

  it('acquires nothing while another request with the fingerprint holds the lock', async () => {
    const event: KeyEvent = { kind: 'acquire', fingerprint: 'fingerprint', leaseMs: AHEAD_MS };
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockOf(event)]);
    const acquired = store.apply('own', event);
    await database.lockAwaited();
    await put('other', current(RECORDS.reserved));
    await client.query('COMMIT');
    expect(await acquired).toMatchObject({ kind: 'in-progress' });
  });
});

/** The events that the statement handles for a record, in alphabetical order. */
function fastPathEvents(name: string): readonly string[] {
  if (name === 'nothing') return ['fingerprint', 'other'];
  if (!/^(reserved|sent)/.test(name)) return [];
  const afterLease = ['abandon', 'complete', 'release'];
  return name.endsWith('lapsed') ? afterLease : [...afterLease, 'renew', 'send'];
}

function isDuplicate({ state, fingerprint }: KeyRecord, acquired: string): boolean {
  return fingerprint === acquired && (state === 'reserved' || state === 'sent');
}

/** Whether the unique indexes forbid both records. */
function collide(one: KeyRecord, other: KeyRecord): boolean {
  const bothHeld = isDuplicate(one, other.fingerprint) && isDuplicate(other, one.fingerprint);
  return bothHeld || (one.customer !== undefined && one.customer === other.customer);
}

/** Converts bytes to an array, because the driver returns another class. */
function plain(record: KeyRecord): object {
  return { ...record, response: record.response && [...record.response] };
}
