import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseUnderTest } from './specification/store-under-test.ts';
import { FIRST_SQLITE_SCHEMA } from './first-schema.ts';
import { recordOf, type Row } from '../stores/stored-record.ts';
import { SECRETS } from './specification/events.ts';
import { ageRecords, DELETE_RECORDS } from './sql.ts';
import { SqliteStore, type SqliteStoreOptions } from '../stores/sqlite/sqlite-store.ts';

/** A new SQLite file in a temporary folder. */
export class SqliteUnderTest implements DatabaseUnderTest {
  readonly firstSchema = FIRST_SQLITE_SCHEMA;
  readonly folder: string;
  readonly path: string;
  /** Of the machine that opens the file; undefined if the machine does not identify it. */
  boot: string | undefined = 'first boot';
  readonly #wallMs = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  readonly #opened: SqliteStore[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'state', 'bookings.db');
  }

  static async create(): Promise<SqliteUnderTest> {
    return new SqliteUnderTest(await mkdtemp(join(tmpdir(), 'sqlite-store-')));
  }

  async open(
    secrets = SECRETS,
    limits: Pick<SqliteStoreOptions, 'busyTimeoutMs' | 'replyTimeoutMs'> = {},
  ): Promise<SqliteStore> {
    const store = await SqliteStore.open(this.path, {
      secrets,
      clockShift: { wallMs: this.#wallMs, boot: this.boot },
      ...limits,
    });
    this.#opened.push(store);
    return store;
  }

  /** Opens a separate connection. */
  connect(): DatabaseSync {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    return new DatabaseSync(this.path, { timeout: 2000 });
  }

  async hold(): Promise<() => Promise<void>> {
    await Promise.resolve();
    const database = this.connect();
    database.exec('BEGIN IMMEDIATE');
    return async () => {
      await Promise.resolve();
      database.close();
    };
  }

  async records() {
    await Promise.resolve();
    using database = this.connect();
    const rows = database.prepare('SELECT * FROM idempotency_keys').all();
    return new Map(rows.map((row) => [String(row['key']), recordOf(row, 0).record]));
  }

  clear(): Promise<void> {
    return this.sql(`${DELETE_RECORDS}; UPDATE idempotency_fences SET last = 0`);
  }

  age(ms: number): Promise<void> {
    return this.sql(ageRecords(ms));
  }

  async moveClock(ms: number): Promise<void> {
    await Promise.resolve();
    Atomics.add(this.#wallMs, 0, BigInt(ms));
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
