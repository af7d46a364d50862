import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { PostgresServer } from '../../src/idempotency/postgres/postgres-server.fixture.ts';

/** A store's address, and a way to fill it that does not take a life cycle per record. */
export interface MeasuredState {
  readonly name: string;
  readonly url: string;
  /** Adds finished records, each with an answer of 1,000 bytes, last changed `ageMs` ago. */
  fill(records: number, ageMs: number): Promise<void>;
  remove(): Promise<void>;
}

const COLUMNS = `key, state, fence, content, lease_until_ms, ever_unknown, sent_at_ms,
  abandoned_at_ms, customer, answer, changed_at_ms`;

/** Both wait for the disk, as in production. */
export async function openMeasured(): Promise<readonly MeasuredState[]> {
  return [await sqlite(), await postgres()];
}

async function sqlite(): Promise<MeasuredState> {
  const folder = await mkdtemp(join(tmpdir(), 'state-cost-'));
  const path = join(folder, 'bookings.db');
  return {
    name: 'SQLite',
    url: `sqlite:${path}`,
    fill: async (records, ageMs) => {
      await Promise.resolve();
      using database = new DatabaseSync(path, { timeout: 60_000 });
      const insert = database.prepare(
        `WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
         INSERT INTO idempotency_keys (${COLUMNS})
         SELECT hex(randomblob(22)), 'done', 1, hex(randomblob(22)), 0, 0, 0, NULL,
           hex(randomblob(22)), randomblob(1000), ? FROM series`,
      );
      // In pieces: a transaction of a million would leave a log of its size behind.
      for (let left = records; left > 0; left -= 10_000) {
        insert.run(Math.min(left, 10_000), Date.now() - ageMs);
      }
      // What the filling has left to be written is not the measurement's to wait for.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function postgres(): Promise<MeasuredState> {
  const server = await PostgresServer.start({ durable: true });
  const url = await server.createDatabase();
  return {
    name: 'PostgreSQL',
    url,
    fill: async (records, ageMs) => {
      const client = new pg.Client(url);
      await client.connect();
      const random = `sha256(gen_random_uuid()::text::bytea)`;
      await client.query(
        `INSERT INTO idempotency_keys (${COLUMNS})
         SELECT encode(${random}, 'hex'), 'done', 1, encode(${random}, 'hex'), 0, false, 0, NULL,
           encode(${random}, 'hex'), convert_to(repeat('0', 1000), 'UTF8'), $2
         FROM generate_series(1, $1)`,
        [records, Date.now() - ageMs],
      );
      await client.query('CHECKPOINT');
      await client.end();
    },
    remove: () => server.stop(),
  };
}
