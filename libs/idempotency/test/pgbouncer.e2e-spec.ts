import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { PGBOUNCER } from '../src/testing/pgbouncer-program.ts';
import { PgBouncer } from '../src/testing/pgbouncer.ts';
import { PostgresServer } from '../src/testing/postgres-server.ts';
import { PostgresUnderTest } from '../src/testing/postgres-under-test.ts';
import { acquire, apply, complete, send } from '../src/testing/specification/events.ts';
import { specifyStore } from '../src/testing/specification/store-specification.ts';

// `npm test` says in one line when PgBouncer is not installed.
(PGBOUNCER === undefined ? describe.skip : describe)('PostgresStore behind PgBouncer', () => {
  let server: PostgresServer;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    server = await PostgresServer.start();
    bouncer = await PgBouncer.start(String(PGBOUNCER), await server.createDatabase());
  });
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  });

  specifyStore(() => PostgresUnderTest.create(server, bouncer), { inOrder: false });

  describe('among other transactions', () => {
    let database: PostgresUnderTest;
    beforeEach(async () => {
      database = await PostgresUnderTest.create(server, bouncer);
    });

    test('applies more creates at a time than it has connections', async () => {
      const store = await database.open();
      const keys = Array.from({ length: 25 }, (_, index) => `key ${index}`);
      await Promise.all(
        keys.map(async (key) => {
          expect(await apply(store, key, acquire(key))).toMatchObject({ kind: 'acquired' });
          expect(await apply(store, key, send())).toEqual({ kind: 'updated' });
          expect(await apply(store, key, complete(1, `customer of ${key}`))).toEqual({
            kind: 'updated',
          });
        }),
      );
      expect(await store.unavailable()).toBeUndefined();
      expect((await database.records()).size).toBe(25);
      await database.remove();
    });

    test('leaves no setting on the connections that others use', async () => {
      const store = await database.open();
      await apply(store, 'key', acquire());
      const others = new pg.Client(bouncer.through(database.url));
      await others.connect();
      const { rows } = await others.query(
        `SELECT current_setting('statement_timeout') AS timeout,
           (SELECT count(*) FROM pg_prepared_statements)::int AS prepared`,
      );
      await others.end();
      expect(rows).toEqual([{ timeout: '0', prepared: 0 }]);
      await database.remove();
    });
  });
});
