import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseUnderTest } from './specification/store-under-test.ts';
import { recordOf, type Row } from '../stores/stored-record.ts';
import { SECRETS } from './specification/events.ts';
import { ageRecords, DELETE_RECORDS } from './sql.ts';
import { SqliteStore } from '../stores/sqlite/sqlite-store.ts';

/** A new SQLite file in a temporary folder. */
export class SqliteUnderTest implements DatabaseUnderTest {
  readonly folder: string;
  readonly path: string;
  readonly #opened: SqliteStore[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'state', 'bookings.db');
  }

  static async create(): Promise<SqliteUnderTest> {
    return new SqliteUnderTest(await mkdtemp(join(tmpdir(), 'sqlite-store-')));
  }

  async open(secrets = SECRETS, busyTimeoutMs?: number): Promise<SqliteStore> {
    const busy = busyTimeoutMs === undefined ? {} : { busyTimeoutMs };
    const store = await SqliteStore.open(this.path, { secrets, ...busy });
    this.#opened.push(store);
    return store;
  }

  /** Opens a separate connection. */
  connect(): DatabaseSync {
    return new DatabaseSync(this.path, { timeout: 2000 });
  }

  async records() {
    await Promise.resolve();
    using database = this.connect();
    const rows = database.prepare('SELECT * FROM idempotency_keys').all();
    return new Map(rows.map((row) => [String(row['key']), recordOf(row)]));
  }

  clear(): Promise<void> {
    return this.sql(DELETE_RECORDS);
  }

  age(ms: number): Promise<void> {
    return this.sql(ageRecords(ms));
  }

  async sql(statement: string): Promise<void> {
    await Promise.resolve();
    using database = this.connect();
    database.exec(statement);
  }

  async rows(query: string): Promise<readonly Row[]> {
    await Promise.resolve();
    using database = this.connect();
    return database.prepare(query).all();
  }

  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
