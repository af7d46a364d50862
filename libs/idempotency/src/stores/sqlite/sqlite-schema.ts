import type { DatabaseSync } from 'node:sqlite';
import {
  checkSecret,
  checkVersion,
  PROBED_AT_MS,
  SCHEMA_VERSION,
  SECRET_CHECK,
} from '../store-check.ts';

/** Each migrates the schema from the version of its index to the next. Never change one. */
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
];

const META = `CREATE TABLE IF NOT EXISTS idempotency_meta (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * Migrates the file to the current schema version, and stores or compares the secret check.
 *
 * @throws StoreUnusable when the file is of a later release or of another secret
 */
export function prepareSchema(database: DatabaseSync, secretCheck: string): void {
  // IMMEDIATE takes the write lock, so that only one process migrates.
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(META);
    const version = Number(read(database, SCHEMA_VERSION) ?? 0);
    checkVersion(version, MIGRATIONS.length);
    const secret = read(database, SECRET_CHECK);
    if (secret !== undefined) checkSecret(secret, secretCheck);
    else write(database, SECRET_CHECK, secretCheck);
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    if (version < MIGRATIONS.length) write(database, SCHEMA_VERSION, String(MIGRATIONS.length));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Verifies that the store can be written, by writing a value that is never read. */
export function probe(database: DatabaseSync): void {
  write(database, PROBED_AT_MS, String(Date.now()));
}

function read(database: DatabaseSync, name: string): string | undefined {
  const row = database.prepare('SELECT value FROM idempotency_meta WHERE name = ?').get(name);
  return row === undefined ? undefined : String(row['value']);
}

function write(database: DatabaseSync, name: string, value: string): void {
  database
    .prepare('INSERT OR REPLACE INTO idempotency_meta (name, value) VALUES (?, ?)')
    .run(name, value);
}
