import type { ClientBase } from 'pg';
import {
  checkSecret,
  checkVersion,
  PROBED_AT_MS,
  SCHEMA_VERSION,
  SECRET_CHECK,
} from '../store-check.ts';
import type { Row } from '../stored-record.ts';

/** Each brings the schema from the version of its index to the next; none is ever changed. */
const MIGRATIONS = [
  `CREATE TABLE idempotency_keys (
     key text PRIMARY KEY,
     state text NOT NULL CHECK (state IN ('reserved', 'sent', 'done', 'free', 'unknown')),
     fence bigint NOT NULL,
     content text NOT NULL,
     lease_until_ms bigint NOT NULL,
     ever_unknown boolean NOT NULL,
     sent_at_ms bigint,
     abandoned_at_ms bigint,
     customer text,
     answer bytea,
     changed_at_ms bigint NOT NULL
   );
   -- Sealed bytes cannot be made smaller: nothing is gained by trying.
   ALTER TABLE idempotency_keys ALTER COLUMN answer SET STORAGE EXTERNAL;
   CREATE UNIQUE INDEX idempotency_customer ON idempotency_keys (customer)
     WHERE customer IS NOT NULL;
   CREATE UNIQUE INDEX idempotency_twin ON idempotency_keys (content)
     WHERE state IN ('reserved', 'sent');
   CREATE INDEX idempotency_unknown ON idempotency_keys (content) WHERE state = 'unknown';
   CREATE INDEX idempotency_settled ON idempotency_keys (changed_at_ms)
     WHERE state IN ('done', 'free');
   CREATE INDEX idempotency_unsettled ON idempotency_keys (changed_at_ms)
     WHERE state IN ('reserved', 'sent', 'unknown');`,
];

/** Any number that no other application on the same database is likely to have. */
export const MIGRATION_LOCK = 7_304_116_590_421n;

/**
 * Brings the database to the version that this release knows, and notes or compares the secret.
 * Belongs inside a transaction that has `MIGRATION_LOCK`: every other replica waits for its end.
 *
 * @throws StoreUnusable when the database is of a later release or of another secret
 */
export async function prepareSchema(client: ClientBase, secretCheck: string): Promise<void> {
  // Asked first: who may use the tables need not be allowed to make some.
  const { rows } = await client.query<Row>(`SELECT to_regclass('idempotency_meta') AS meta`);
  if (rows[0]?.['meta'] === null) {
    await client.query(
      'CREATE TABLE idempotency_meta (name text PRIMARY KEY, value text NOT NULL)',
    );
  }
  const version = Number((await read(client, SCHEMA_VERSION)) ?? 0);
  checkVersion(version, MIGRATIONS.length);
  const secret = await read(client, SECRET_CHECK);
  if (secret !== undefined) checkSecret(secret, secretCheck);
  else await write(client, SECRET_CHECK, secretCheck);
  for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
  if (version < MIGRATIONS.length) await write(client, SCHEMA_VERSION, String(MIGRATIONS.length));
}

/** Writes where nobody reads: what it takes to say that the store can be written. */
export async function probe(client: ClientBase): Promise<void> {
  await write(client, PROBED_AT_MS, String(Date.now()));
}

async function read(client: ClientBase, name: string): Promise<string | undefined> {
  const found = await client.query<Row>('SELECT value FROM idempotency_meta WHERE name = $1', [
    name,
  ]);
  const [row] = found.rows;
  return row === undefined ? undefined : String(row['value']);
}

async function write(client: ClientBase, name: string, value: string): Promise<void> {
  await client.query(
    `INSERT INTO idempotency_meta (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, value],
  );
}
