import pg from 'pg';
import type { StoreUnderTest } from './specification/store-under-test.ts';
import { recordOf, type Row } from '../stores/stored-record.ts';
import type { PostgresServer } from './postgres-server.ts';
import { PostgresStore } from '../stores/postgres/postgres-store.ts';

/** A database of its own. */
export class PostgresUnderTest implements StoreUnderTest {
  readonly url: string;
  readonly #opened: PostgresStore[] = [];

  private constructor(url: string) {
    this.url = url;
  }

  static async create(server: PostgresServer): Promise<PostgresUnderTest> {
    return new PostgresUnderTest(await server.createDatabase());
  }

  async open(secretCheck = 'secret'): Promise<PostgresStore> {
    const store = await PostgresStore.open(this.url, { secretCheck });
    this.#opened.push(store);
    return store;
  }

  async records() {
    const rows = await this.query('SELECT * FROM idempotency_keys');
    return new Map(rows.map((row) => [String(row['key']), recordOf(row)]));
  }

  async sql(statement: string): Promise<void> {
    await this.query(statement);
  }

  /** Through a connection of the test's own. */
  async query(statement: string): Promise<Row[]> {
    const client = new pg.Client(this.url);
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection that keeps the record of `key` locked until it ends. */
  async holding(key: string): Promise<pg.Client> {
    const client = new pg.Client(this.url);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM idempotency_keys WHERE key = $1 FOR UPDATE', [key]);
    return client;
  }

  /** Resolves as soon as a connection waits for a lock. */
  async waiting(): Promise<void> {
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await this.query(waiting)).length === 0);
  }

  /** Ends a connection that waits for a lock, as soon as there is one. */
  async terminateWaiting(): Promise<void> {
    const terminate = `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await this.query(terminate)).length === 0);
  }

  /** The database goes with its server. */
  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
  }
}
