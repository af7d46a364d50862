import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { StoreUnusable } from '../../store.ts';
import { specifyStore } from '../../testing/specification/store-specification.ts';
import { abandon, applyAll, claim, done, send } from '../../testing/specification/store-under-test.ts';
import { PostgresServer } from '../../testing/postgres-server.ts';
import { PostgresStore } from './postgres-store.ts';
import { PostgresUnderTest } from '../../testing/postgres-under-test.ts';

const OTHERS = `pid <> pg_backend_pid() AND datname = current_database()`;

// Servers, processes and threads take their time to start where much else runs.
jest.setTimeout(60_000);

describe('PostgresStore', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.stop());

  specifyStore(() => PostgresUnderTest.create(server), { inOrder: false });

  describe('as a database', () => {
    let database: PostgresUnderTest;
    beforeEach(async () => {
      database = await PostgresUnderTest.create(server);
    });
    afterEach(() => database.remove());

    test('goes on when its connections were lost', async () => {
      const store = await database.open();
      await Promise.all(['a', 'b', 'c'].map((key) => store.apply(key, claim(key))));
      const ended = await database.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ${OTHERS}`,
      );
      expect(ended.length).toBeGreaterThan(0);
      // What was sent on a lost connection fails; nothing is sent on one that is known to be lost.
      await store.apply('a', claim('a')).catch(() => undefined);
      expect(await store.apply('a', claim('a'))).toMatchObject({ kind: 'running' });
    });

    test('rejects what a lost connection has interrupted', async () => {
      const store = await database.open();
      await store.apply('key', claim());
      const holder = await database.holding('key');
      const interrupted = store.apply('key', send());
      const rejected = expect(interrupted).rejects.toThrow(
        /^the store cannot be used: terminating/,
      );
      await database.terminateWaiting();
      await rejected;
      await holder.end();
      expect(await store.apply('key', send())).toEqual({ kind: 'moved' });
    });

    test('does not wait for ever for a lock', async () => {
      const store = await database.open();
      await store.apply('key', claim());
      const holder = await database.holding('key');
      await expect(store.apply('key', send())).rejects.toThrow('statement timeout');
      await holder.end();
      expect(await store.apply('key', send())).toEqual({ kind: 'moved' });
    });

    test('tells a look-up of a duplicate that became unknown while the claim had to wait', async () => {
      const store = await database.open();
      await applyAll(store, 'key', claim(), send(), abandon());
      await applyAll(store, 'duplicate', claim(), send());
      const holder = await database.holding('duplicate');
      const claimed = store.apply('key', claim());
      await database.waiting();
      await holder.query(`UPDATE idempotency_keys SET state = 'unknown' WHERE key = 'duplicate'`);
      await holder.query('COMMIT');
      expect(await claimed).toMatchObject({ look: { unsettledDuplicates: 1 } });
      await holder.end();
    });

    test('keeps its guarantees whatever the defaults of the database are', async () => {
      await database.open();
      await database.query(`CREATE FUNCTION guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('synchronous_commit') <> 'on'
            OR current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE 'not as it must be';
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
      const events = [claim(), send(), abandon(), claim(), done(2)];
      expect(await applyAll(store, 'key', ...events)).toEqual({ kind: 'moved' });
    });

    test('lets one of two finish each key, whoever is in whose way', async () => {
      const [one, two] = [await database.open(), await database.open()];
      const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key) => applyAll(one, key, claim(key), send())));
      const outcomes = keys.flatMap((key) => [
        one.apply(key, done(1, `of ${key}`)),
        two.apply(key, done(1, `of ${key}`)),
      ]);
      const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind).sort();
      expect(kinds).toEqual([...keys.map(() => 'lost'), ...keys.map(() => 'moved')]);
    });
  });

  describe('while there is no server', () => {
    let other: PostgresServer;
    let url: string;
    beforeEach(async () => {
      other = await PostgresServer.start();
      url = await other.createDatabase();
      await other.pause();
    });
    afterEach(() => other.stop());

    test('opens, rejects, and prepares the database once there is one', async () => {
      const store = await PostgresStore.open(url, { secretCheck: 'secret' });
      await expect(store.apply('key', claim())).rejects.toThrow('ECONNREFUSED');
      expect(await store.unavailable()).toContain('ECONNREFUSED');
      await other.resume();
      expect(await store.unavailable()).toBeUndefined();
      expect(await store.apply('key', claim())).toMatchObject({ kind: 'claimed' });
      await other.pause();
      await expect(store.apply('key', send())).rejects.toThrow(/^the store cannot be used: /);
      await other.resume();
      expect(await store.apply('key', send())).toEqual({ kind: 'moved' });
      await store.close();
    });

    test('says, as often as it is asked, that the database turned out to be of another secret', async () => {
      const store = await PostgresStore.open(url, { secretCheck: 'another' });
      await other.resume();
      await (await PostgresStore.open(url, { secretCheck: 'secret' })).close();
      await expect(store.apply('key', claim())).rejects.toThrow(StoreUnusable);
      await expect(store.figures()).rejects.toThrow(StoreUnusable);
      expect(await store.unavailable()).toContain('the secret is not the one');
      await store.close();
    });
  });
});
