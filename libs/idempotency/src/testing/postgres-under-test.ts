import pg from 'pg';
import { FIRST_POSTGRES_SCHEMA } from './first-schema.ts';
import type { DatabaseUnderTest } from './specification/store-under-test.ts';
import { recordOf, type Row } from '../stores/stored-record.ts';
import { MOVABLE_CLOCK, moveClock } from './movable-clock.ts';
import type { PgBouncer } from './pgbouncer.ts';
import type { PostgresServer } from './postgres-server.ts';
import { SECRETS } from './specification/events.ts';
import { ageRecords, DELETE_RECORDS } from './sql.ts';
import { GUARD_LOCK } from '../stores/postgres/postgres-guard.ts';
import { PostgresStore } from '../stores/postgres/postgres-store.ts';

/** A new database on a test server. */
export class PostgresUnderTest implements DatabaseUnderTest {
  readonly firstSchema = FIRST_POSTGRES_SCHEMA;
  readonly #opened: PostgresStore[] = [];

  private constructor(
    readonly url: string,
    private readonly storeUrl: string,
  ) {}

  /** @param bouncer what the stores connect to; without it, the server itself */
  static async create(server: PostgresServer, bouncer?: PgBouncer): Promise<PostgresUnderTest> {
    const url = await server.createDatabase();
    const database = new PostgresUnderTest(url, bouncer?.through(url) ?? url);
    await database.rows(MOVABLE_CLOCK);
    return database;
  }

  async open(secrets = SECRETS): Promise<PostgresStore> {
    const store = await PostgresStore.open(this.storeUrl, { secrets });
    this.#opened.push(store);
    return store;
  }

  async hold(): Promise<() => Promise<void>> {
    const client = new pg.Client(this.url);
    await client.connect();
    await client.query('BEGIN; LOCK TABLE idempotency_keys IN EXCLUSIVE MODE');
    await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [GUARD_LOCK]);
    return () => client.end();
  }

  async records() {
    const rows = await this.rows('SELECT * FROM idempotency_keys');
    return new Map(rows.map((row) => [String(row['key']), recordOf(row, 0).record]));
  }

  clear(): Promise<void> {
    return this.sql(DELETE_RECORDS);
  }

  age(ms: number): Promise<void> {
    return this.sql(ageRecords(ms));
  }

  async moveClock(ms: number): Promise<void> {
    await this.rows(moveClock(ms));
  }

  async sql(statement: string): Promise<void> {
    await this.rows(statement);
  }

  async rows(statement: string): Promise<Row[]> {
    const client = new pg.Client(this.url);
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** Locks the record of `key` until the returned connection ends. */
  async lockRecord(key: string): Promise<pg.Client> {
    const client = new pg.Client(this.url);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM idempotency_keys WHERE key = $1 FOR UPDATE', [key]);
    return client;
  }

  /** Resolves when a connection waits for a lock. */
  async lockAwaited(): Promise<void> {
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await this.rows(waiting)).length === 0);
  }

  /** Terminates a connection as soon as it waits for a lock. */
  async terminateWaiting(): Promise<void> {
    const terminate = `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await this.rows(terminate)).length === 0);
  }

  /** Closes the stores. The database is deleted with its server. */
  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
  }
}
