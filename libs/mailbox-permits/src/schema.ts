import type { ClientBase } from 'pg';

/** An arbitrary number that other applications on the database are unlikely to use. */
const SCHEMA_LOCK = 7_304_116_590_423n;

/**
 * The primary key is the limit: there is one row for each slot of a mailbox, and a free slot has none.
 * Fences come from a sequence, so they never restart.
 */
const SCHEMA = `
  CREATE SEQUENCE IF NOT EXISTS mailbox_fence;
  CREATE TABLE IF NOT EXISTS mailbox_permits (
    mailbox text NOT NULL,
    slot int NOT NULL CHECK (slot >= 0),
    process text NOT NULL,
    connection int NOT NULL,
    fence bigint NOT NULL,
    lease_until_ms bigint NOT NULL,
    PRIMARY KEY (mailbox, slot)
  );
  CREATE INDEX IF NOT EXISTS mailbox_permits_process ON mailbox_permits (process);
  CREATE TABLE IF NOT EXISTS mailbox_waiters (
    mailbox text NOT NULL,
    process text NOT NULL,
    wanted int NOT NULL,
    since_ms bigint NOT NULL,
    until_ms bigint NOT NULL,
    PRIMARY KEY (mailbox, process)
  );
  CREATE TABLE IF NOT EXISTS mailbox_states (
    mailbox text PRIMARY KEY,
    paused_until_ms bigint,
    lowered_limit int,
    lowered_at_ms bigint
  );
  CREATE TABLE IF NOT EXISTS mailbox_recovery (
    id int PRIMARY KEY CHECK (id = 1),
    until_ms bigint NOT NULL
  );
  CREATE TABLE IF NOT EXISTS mailbox_processes (
    process text PRIMARY KEY,
    seen_at_ms bigint NOT NULL
  )`;

/** Removes what crashed processes and past pauses have left. A lease is shorter than a day. */
const PURGE = `
  WITH clock AS (SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint - 86400000 AS ms),
    permits AS (DELETE FROM mailbox_permits USING clock WHERE lease_until_ms < ms),
    waiters AS (DELETE FROM mailbox_waiters USING clock WHERE until_ms < ms),
    states AS (DELETE FROM mailbox_states USING clock
      WHERE coalesce(paused_until_ms, 0) < ms AND coalesce(lowered_at_ms, 0) < ms)
  DELETE FROM mailbox_processes USING clock WHERE seen_at_ms < ms`;

/** Creates the tables where they are missing. Later starts need no permission to create tables. */
export async function prepareSchema(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ last: unknown }>(
    `SELECT to_regclass('mailbox_processes') AS last`,
  );
  if (rows[0]?.last === null) {
    // One transaction. The lock is a bigint, so this is not open to SQL injection.
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}); ${SCHEMA}; COMMIT`);
  }
  await client.query(PURGE);
}
