import type { DatabaseSync } from 'node:sqlite';
import { secretRemoval, type StoreMeta, type StoreSecrets, unwrapDataKey } from '../../data-key.ts';
import type { ForgottenSecret } from '../../store.ts';
import { schemaUpgrade } from '../store-check.ts';

/**
 * Each migrates the schema from the revision of its index to the next. Never change one. While a
 * rolling update lasts, processes of the release before write to the changed schema: a new column
 * may be NULL or has a default.
 */
const MIGRATIONS = [
  `CREATE TABLE idempotency_keys (
     key TEXT PRIMARY KEY NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'done', 'free', 'unknown')),
     fence INTEGER NOT NULL,
     content TEXT NOT NULL,
     lease_until_ms INTEGER NOT NULL,
     ever_unknown INTEGER NOT NULL CHECK (ever_unknown IN (0, 1)),
     sent_at_ms INTEGER,
     abandoned_at_ms INTEGER,
     customer TEXT,
     answer BLOB,
     changed_at_ms INTEGER NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX idempotency_customer ON idempotency_keys (customer)
     WHERE customer IS NOT NULL;
   CREATE UNIQUE INDEX idempotency_twin ON idempotency_keys (content)
     WHERE state IN ('reserved', 'sent');
   CREATE INDEX idempotency_unknown ON idempotency_keys (content) WHERE state = 'unknown';
   CREATE INDEX idempotency_settled ON idempotency_keys (changed_at_ms)
     WHERE state IN ('done', 'free');
   CREATE INDEX idempotency_unsettled ON idempotency_keys (changed_at_ms)
     WHERE state IN ('reserved', 'sent', 'unknown');`,
  `CREATE TABLE idempotency_clock (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     boot TEXT,
     ahead_ms INTEGER NOT NULL,
     wall_ahead_ms INTEGER NOT NULL,
     even_since_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE idempotency_fences (last INTEGER NOT NULL) STRICT;
   CREATE INDEX idempotency_damaged ON idempotency_keys (changed_at_ms)
     WHERE state = 'done' AND answer IS NULL;
   INSERT INTO idempotency_fences SELECT coalesce(max(fence), 0) FROM idempotency_keys;`,
  'ALTER TABLE idempotency_keys ADD COLUMN comparisons TEXT',
];

const META = `CREATE TABLE IF NOT EXISTS idempotency_meta (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * Migrates the file to the current schema version.
 *
 * @returns the data key of the store
 * @throws StoreUnusable when the file is of a later release, or no secret opens it
 */
export function prepareSchema(database: DatabaseSync, secrets: StoreSecrets): string {
  // IMMEDIATE takes the write lock, so that only one process migrates.
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(META);
    const meta = readMeta(database);
    const upgrade = schemaUpgrade(meta, MIGRATIONS);
    const { dataKey, additions } = unwrapDataKey(meta, secrets);
    for (const migration of upgrade.migrations) database.exec(migration);
    for (const [name, value] of [...additions, ...upgrade.additions]) write(database, name, value);
    database.exec('COMMIT');
    return dataKey;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Call it in a transaction. */
export function forgetSecret(
  database: DatabaseSync,
  current: string,
  secret: string,
): ForgottenSecret {
  const { forgotten, deletions, additions } = secretRemoval(readMeta(database), current, secret);
  const remove = database.prepare('DELETE FROM idempotency_meta WHERE name = ?');
  for (const name of deletions) remove.run(name);
  for (const [name, value] of additions) write(database, name, value);
  return forgotten;
}

function readMeta(database: DatabaseSync): StoreMeta {
  const rows = database.prepare('SELECT name, value FROM idempotency_meta').all();
  return new Map(rows.map(({ name, value }) => [String(name), String(value)]));
}

function write(database: DatabaseSync, name: string, value: string): void {
  database
    .prepare('INSERT OR REPLACE INTO idempotency_meta (name, value) VALUES (?, ?)')
    .run(name, value);
}
