import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { customerOf, decide, type Found } from '../../decide.ts';
import { EVENTS, FENCE, NOW, RECORDS } from '../../testing/key-records.ts';
import type { KeyEvent, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, type Row } from '../stored-record.ts';
import { singleStatement } from './single-statement.ts';
import { lockOf, RECORD } from './postgres-keys.ts';
import { PostgresServer } from '../../testing/postgres-server.ts';
import type { PostgresStore } from './postgres-store.ts';
import { PostgresUnderTest } from '../../testing/postgres-under-test.ts';

jest.setTimeout(60_000);

const AHEAD_MS = 60_000;

/** A record of the tables as it would be now: what was over at `NOW` still is, and no more. */
function today(record: KeyRecord): KeyRecord {
  const moved = (ms: number) => Date.now() + (ms <= NOW ? ms - NOW - AHEAD_MS : AHEAD_MS);
  const { leaseUntilMs, sentAtMs, abandonedAtMs } = record;
  return {
    ...record,
    leaseUntilMs: moved(leaseUntilMs),
    sentAtMs: sentAtMs && moved(sentAtMs),
    abandonedAtMs: abandonedAtMs && moved(abandonedAtMs),
  };
}

/** What else there may be: another key that has the customer, or holds a duplicate. */
const OTHERS = {
  nobody: undefined,
  'an owner of the customer': { ...RECORDS.done, content: 'of the owner' },
  'a duplicate that is held': RECORDS.reserved,
  'a duplicate that was held': RECORDS['sent, lapsed'],
} satisfies Record<string, KeyRecord | undefined>;

const FENCES = [FENCE, FENCE - 1, FENCE + 1];

const kinds = (event: KeyEvent) => (event.kind === 'claim' ? event.content : event.kind);

describe('what is done in one statement', () => {
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
    const { state, fence, content, leaseUntilMs, everUnknown } = record;
    const { sentAtMs, abandonedAtMs, customer, answer } = record;
    await client.query(
      `INSERT INTO idempotency_keys (key, ${RECORD}, changed_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
      [
        ...[key, state, fence, content, leaseUntilMs, everUnknown, sentAtMs, abandonedAtMs],
        ...[customer, answer && Buffer.from(answer)],
      ],
    );
  }

  async function kept() {
    const { rows } = await client.query<Row>(`SELECT * FROM idempotency_keys ORDER BY key`);
    return rows.map((row) => ({
      key: row['key'],
      atMs: numberIn(row, 'changed_at_ms'),
      record: plain(recordOf(row)),
    }));
  }

  /** The statement alone, and what it left where `transition` would have had something to write. */
  async function check(own: KeyRecord | undefined, other: KeyRecord | undefined, event: KeyEvent) {
    await client.query('DELETE FROM idempotency_keys');
    if (own) await put('own', own);
    if (other && !(own && collide(own, other))) await put('other', other);
    const before = await kept();
    const there = before.some(({ key }) => key === 'other') ? other : undefined;
    const usual = singleStatement('own', event);
    if (!usual) return 'none';
    const changed = await client.query(usual.statement).then(
      ({ rowCount }) => rowCount === 1,
      (error: unknown) => {
        expect(error).toMatchObject({ code: '23505' });
        return false;
      },
    );
    const after = await kept();
    const atMs = after.find(({ key }) => key === 'own')?.atMs ?? 0;
    const customer = customerOf(event);
    const found: Found = {
      own,
      duplicate: there && event.kind === 'claim' && isDuplicate(there, event.content) ? there : undefined,
      unsettledDuplicates: 0,
      ownedByAnother: customer !== undefined && there?.customer === customer,
    };
    const decision = decide(found, event, changed ? atMs : Date.now());
    if (!changed) {
      expect(after).toEqual(before);
      // It leaves nothing undone but what other keys or an earlier life of the key have a say in.
      const isUsual = event.kind === 'claim' ? !own && !found.duplicate : decision.own !== undefined;
      expect(isUsual).toBe(false);
      return 'left';
    }
    expect(usual.outcome).toEqual(decision.outcome);
    expect(after.find(({ key }) => key === 'own')?.record).toEqual(
      decision.own && plain(decision.own),
    );
    expect(after.filter(({ key }) => key === 'other')).toEqual(
      before.filter(({ key }) => key === 'other'),
    );
    return 'done';
  }

  it.each(Object.entries(RECORDS))(
    'is what the protocol says, or nothing: %s',
    async (name, record) => {
      const own = record && today(record);
      const done = new Set<string>();
      for (const other of Object.values(OTHERS)) {
        for (const event of EVENTS) {
          for (const fence of FENCES) {
            const asked = 'fence' in event ? { ...event, fence } : event;
            if ((await check(own, other && today(other), asked)) === 'done') done.add(kinds(event));
          }
        }
      }
      expect([...done].sort()).toEqual(usualFor(name));
    },
  );

  it('claims nothing while another claim of the content is at it', async () => {
    const event: KeyEvent = { kind: 'claim', content: 'content', leaseMs: AHEAD_MS };
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockOf(event)]);
    const claimed = store.apply('own', event);
    await database.waiting();
    await put('other', today(RECORDS.reserved));
    await client.query('COMMIT');
    expect(await claimed).toMatchObject({ kind: 'running' });
  });
});

/** Which events the one statement does, in the order of the alphabet. */
function usualFor(name: string): readonly string[] {
  if (name === 'nothing') return ['content', 'other'];
  if (!/^(reserved|sent)/.test(name)) return [];
  const late = ['abandon', 'done', 'release'];
  return name.endsWith('lapsed') ? late : [...late, 'renew', 'send'];
}

function isDuplicate({ state, content }: KeyRecord, claimed: string): boolean {
  return content === claimed && (state === 'reserved' || state === 'sent');
}

/** Whether the database holds no two such. */
function collide(one: KeyRecord, other: KeyRecord): boolean {
  const bothHeld = isDuplicate(one, other.content) && isDuplicate(other, one.content);
  return bothHeld || (one.customer !== undefined && one.customer === other.customer);
}

/** Bytes are of another class where a driver brings them. */
function plain(record: KeyRecord): object {
  return { ...record, answer: record.answer && [...record.answer] };
}
