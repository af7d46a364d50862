import type { ClientBase, QueryConfig } from 'pg';
import { secretRemoval, type StoreMeta, type StoreSecrets, unwrapDataKey } from '../../data-key.ts';
import type { ForgottenSecret } from '../../store.ts';
import { schemaUpgrade } from '../store-check.ts';
import type { Row } from '../stored-record.ts';

/**
 * Each migrates the schema from the revision of its index to the next. Never change one. While a
 * rolling update lasts, processes of the release before write to the changed schema: a new column
 * may be NULL or has a default.
 */
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
   -- Encrypted bytes cannot be compressed.
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
  // Processes of the release before count from the fence of each record during a rolling update.
  `CREATE INDEX idempotency_damaged ON idempotency_keys (changed_at_ms)
     WHERE state = 'done' AND answer IS NULL;
   CREATE SEQUENCE idempotency_fence;
   SELECT setval('idempotency_fence', coalesce(max(fence), 0) + 1000) FROM idempotency_keys;`,
  'ALTER TABLE idempotency_keys ADD COLUMN comparisons text',
];

/** How long one may take. */
const MIGRATION_MS = 600_000;
/**
 * The limit of a transaction for one statement is that of a request, and too short for a large store.
 * The limit for a lock remains, because creates of other processes wait behind it.
 */
const MIGRATION_LIMITS = `SET LOCAL statement_timeout = ${MIGRATION_MS}; SET LOCAL lock_timeout = 2000`;

/** An arbitrary number that other applications on the database are unlikely to use. */
export const MIGRATION_LOCK = 7_304_116_590_421n;

/**
 * Migrates the database to the current schema version. Call it in a transaction that has
 * `MIGRATION_LOCK`, so that only one replica migrates.
 *
 * @returns the data key of the store
 * @throws StoreUnusable when the database is of a later release, or no secret opens it
 */
export async function prepareSchema(client: ClientBase, secrets: StoreSecrets): Promise<string> {
  // Checked first, because CREATE TABLE needs a permission that later starts do not need.
  if (!(await hasSchema(client))) {
    await client.query(
      'CREATE TABLE idempotency_meta (name text PRIMARY KEY, value text NOT NULL)',
    );
  }
  const meta = await readMeta(client);
  const upgrade = schemaUpgrade(meta, MIGRATIONS);
  const { dataKey, additions } = unwrapDataKey(meta, secrets);
  if (upgrade.migrations.length > 0) await client.query(MIGRATION_LIMITS);
  for (const text of upgrade.migrations) {
    const migration: QueryConfig & { query_timeout: number } = {
      text,
      query_timeout: MIGRATION_MS,
    };
    await client.query(migration);
  }
  for (const [name, value] of [...additions, ...upgrade.additions])
    await write(client, name, value);
  return dataKey;
}

/**
 * Checks what `prepareSchema` would do. Without tables it makes them, to show that it may: roll the
 * transaction back. It migrates no tables that other processes use.
 *
 * @throws StoreUnusable as `prepareSchema` does
 */
export async function checkSchema(client: ClientBase, secrets: StoreSecrets): Promise<void> {
  if (!(await hasSchema(client))) {
    await prepareSchema(client, secrets);
    return;
  }
  const meta = await readMeta(client);
  schemaUpgrade(meta, MIGRATIONS);
  unwrapDataKey(meta, secrets);
}

async function hasSchema(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<Row>(`SELECT to_regclass('idempotency_meta') AS meta`);
  return rows[0]?.['meta'] !== null;
}

/** Call it in a transaction that has `MIGRATION_LOCK`: a process that starts may add its secret. */
export async function forgetSecret(
  client: ClientBase,
  current: string,
  secret: string,
): Promise<ForgottenSecret> {
  const removal = secretRemoval(await readMeta(client), current, secret);
  const { forgotten, deletions, additions } = removal;
  await client.query('DELETE FROM idempotency_meta WHERE name = ANY($1::text[])', [deletions]);
  for (const [name, value] of additions) await write(client, name, value);
  return forgotten;
}

async function readMeta(client: ClientBase): Promise<StoreMeta> {
  const { rows } = await client.query<Row>('SELECT name, value FROM idempotency_meta');
  return new Map(rows.map(({ name, value }) => [String(name), String(value)]));
}

async function write(client: ClientBase, name: string, value: string): Promise<void> {
  await client.query(
    `INSERT INTO idempotency_meta (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, value],
  );
}
