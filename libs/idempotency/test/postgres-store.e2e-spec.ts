import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { specifyDamagedRows } from '../src/testing/specification/damaged-rows.ts';
import { specifyDatabase } from '../src/testing/specification/database.ts';
import { specifyLateCalls } from '../src/testing/specification/late-calls.ts';
import { specifyStore } from '../src/testing/specification/store-specification.ts';
import {
  abandon,
  acquire,
  apply,
  applyAll,
  complete,
  send,
  SECRETS,
} from '../src/testing/specification/events.ts';
import { PostgresServer } from '../src/testing/postgres-server.ts';
import { lockOf } from '../src/stores/postgres/postgres-keys.ts';
import { PostgresStore } from '../src/stores/postgres/postgres-store.ts';
import { PostgresUnderTest } from '../src/testing/postgres-under-test.ts';

const OTHER_CONNECTIONS = `pid <> pg_backend_pid() AND datname = current_database()`;

describe('PostgresStore', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.stop());

  specifyStore(() => PostgresUnderTest.create(server), { inOrder: false });
  specifyDatabase(() => PostgresUnderTest.create(server));
  describe('that is slow', () => {
    specifyLateCalls(() => PostgresUnderTest.create(server));
  });
  describe('with damaged rows', () => {
    specifyDamagedRows(() => PostgresUnderTest.create(server));
  });

  describe('with a server', () => {
    let database: PostgresUnderTest;
    beforeEach(async () => {
      database = await PostgresUnderTest.create(server);
    });
    afterEach(() => database.remove());

    test('reconnects after its connections were lost', async () => {
      const store = await database.open();
      await Promise.all(['a', 'b', 'c'].map((key) => apply(store, key, acquire(key))));
      const ended = await database.rows(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ${OTHER_CONNECTIONS}`,
      );
      expect(ended.length).toBeGreaterThan(0);
      // The first statement may fail, if the pool has not noticed the loss yet.
      await apply(store, 'a', acquire('a')).catch(() => undefined);
      expect(await apply(store, 'a', acquire('a'))).toMatchObject({ kind: 'in-progress' });
    });

    test('rejects an event when its connection is lost', async () => {
      const store = await database.open();
      await apply(store, 'key', acquire());
      const holder = await database.lockRecord('key');
      const interrupted = apply(store, 'key', send());
      const rejected = expect(interrupted).rejects.toThrow(
        /^the store cannot be used: terminating/,
      );
      await database.terminateWaiting();
      await rejected;
      await holder.end();
      expect(await apply(store, 'key', send())).toEqual({ kind: 'updated' });
    });

    test('acquires nothing while another request with the fingerprint holds the lock', async () => {
      const store = await database.open();
      const event = acquire();
      const other = new pg.Client(database.url);
      await other.connect();
      await other.query('BEGIN');
      await other.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockOf(event)]);
      const second = apply(store, 'second', event);
      await database.lockAwaited();
      await other.query(`INSERT INTO idempotency_keys (key, state, fence, content, lease_until_ms,
        ever_unknown, changed_at_ms) VALUES ('first', 'reserved', 1, 'lunch', 1e15, false, 0)`);
      await other.query('COMMIT');
      await other.end();
      expect(await second).toMatchObject({ kind: 'in-progress' });
    });

    test('stops waiting for a lock after a timeout', async () => {
      const store = await database.open();
      await apply(store, 'key', acquire());
      const holder = await database.lockRecord('key');
      await expect(apply(store, 'key', send())).rejects.toThrow(/timeout/);
      await holder.end();
      expect(await apply(store, 'key', send())).toEqual({ kind: 'updated' });
    });

    test('may take longer than a request to upgrade a large store', async () => {
      await database.sql(database.firstSchema);
      await database.sql(`CREATE FUNCTION large() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(3.5); END $$;
        CREATE EVENT TRIGGER large ON ddl_command_start WHEN TAG IN ('CREATE INDEX')
          EXECUTE FUNCTION large()`);
      const store = await database.open();
      expect(await apply(store, 'new', acquire('new'))).toMatchObject({ kind: 'acquired' });
    });

    test('counts a duplicate that becomes unknown while the event waits for its lock', async () => {
      const store = await database.open();
      await applyAll(store, 'key', acquire(), send(), abandon());
      await applyAll(store, 'duplicate', acquire(), send());
      const holder = await database.lockRecord('duplicate');
      const acquired = apply(store, 'key', acquire());
      await database.lockAwaited();
      await holder.query(`UPDATE idempotency_keys SET state = 'unknown' WHERE key = 'duplicate'`);
      await holder.query('COMMIT');
      expect(await acquired).toMatchObject({ lookup: { unknownDuplicates: 1 } });
      await holder.end();
    });

    test('overrides unsafe defaults of the database', async () => {
      await database.open();
      await database.rows(`CREATE FUNCTION guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('synchronous_commit') <> 'on'
            OR current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE 'unsafe settings';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER guarantee BEFORE INSERT OR UPDATE ON idempotency_keys
          FOR EACH ROW EXECUTE FUNCTION guarantee();
        DO $$ BEGIN
          EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
          EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable',
            current_database());
          EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',
            current_database());
        END $$`);
      const store = await database.open();
      const events = [acquire(), send(), abandon(), acquire(), complete(2)];
      expect(await applyAll(store, 'key', ...events)).toEqual({ kind: 'updated' });
    });

    test('completes each key once when two stores compete', async () => {
      const [one, two] = [await database.open(), await database.open()];
      const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key) => applyAll(one, key, acquire(key), send())));
      const outcomes = keys.flatMap((key) => [
        apply(one, key, complete(1, `of ${key}`)),
        apply(two, key, complete(1, `of ${key}`)),
      ]);
      const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind).sort();
      expect(kinds).toEqual([...keys.map(() => 'stale'), ...keys.map(() => 'updated')]);
    });
  });

  describe('without a server', () => {
    let other: PostgresServer;
    let url: string;
    beforeEach(async () => {
      other = await PostgresServer.start();
      url = await other.createDatabase();
      await other.pause();
    });
    afterEach(() => other.stop());

    test('does not open before the server is up, and rejects events while it is away', async () => {
      await expect(PostgresStore.open(url, { secrets: SECRETS })).rejects.toThrow(
        /^the store cannot be used: .*ECONNREFUSED/,
      );
      await other.resume();
      const store = await PostgresStore.open(url, { secrets: SECRETS });
      expect(await store.unavailable()).toBeUndefined();
      expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired' });
      await other.pause();
      await expect(apply(store, 'key', send())).rejects.toThrow(/^the store cannot be used: /);
      expect(await store.unavailable()).toContain('ECONNREFUSED');
      await other.resume();
      expect(await apply(store, 'key', send())).toEqual({ kind: 'updated' });
      await store.close();
    });
  });
});
