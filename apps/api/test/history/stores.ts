import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MOVABLE_CLOCK, moveClock } from '@bookings/idempotency/testing/movable-clock';
import { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import { runKeys } from './keys-command.ts';

/** A store for one run. */
export interface RunStore {
  readonly env: Readonly<Record<string, string>> & { readonly STATE_URL: string };
  /** Number of processes that share it. */
  readonly replicas: number;
  /** Sets the clock of the machine or of the server, as far as the store can tell. */
  moveClock(ms: number): Promise<void>;
  /** Copies the store while it is used. @returns puts the copy back while it is not */
  backUp(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

export const STORES = {
  sqlite: async (): Promise<RunStore> => {
    const folder = await mkdtemp(join(tmpdir(), 'bookings-history-'));
    const path = join(folder, 'state.db');
    const env = { STATE_URL: `sqlite:${path}` };
    let copies = 0;
    return {
      env,
      replicas: 1,
      moveClock: async (ms) => {
        await Promise.resolve();
        using database = new DatabaseSync(path, { timeout: 2000 });
        // The process compares the wall clock with what the file has of it.
        database.exec(`UPDATE idempotency_clock SET wall_ahead_ms = wall_ahead_ms - ${ms}`);
      },
      backUp: async () => {
        const copy = join(folder, `copy-${(copies += 1)}.db`);
        await runKeys(env, 'backup', copy);
        return async () => {
          for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
          await copyFile(copy, path);
        };
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
  postgres: async (): Promise<RunStore> => {
    const server = await PostgresServer.start();
    const url = await server.createDatabase();
    await server.run(url, MOVABLE_CLOCK);
    return {
      env: { STATE_URL: url, STATE_SECRET: 'one secret for every process' },
      replicas: 3,
      moveClock: (ms) => server.run(url, moveClock(ms)),
      backUp: async () => {
        await server.run(url, COPY);
        return () => server.run(url, PUT_BACK);
      },
      remove: () => server.stop(),
    };
  },
};

/** What pg_dump copies in one transaction. The test server comes without it. */
const COPY = `BEGIN ISOLATION LEVEL REPEATABLE READ;
  DROP SCHEMA IF EXISTS copy CASCADE;
  CREATE SCHEMA copy;
  CREATE TABLE copy.keys AS SELECT * FROM idempotency_keys;
  CREATE TABLE copy.meta AS SELECT * FROM idempotency_meta;
  CREATE TABLE copy.fence AS SELECT last_value FROM idempotency_fence;
  COMMIT`;
const PUT_BACK = `BEGIN;
  TRUNCATE idempotency_keys, idempotency_meta;
  INSERT INTO idempotency_keys SELECT * FROM copy.keys;
  INSERT INTO idempotency_meta SELECT * FROM copy.meta;
  SELECT setval('idempotency_fence', last_value) FROM copy.fence;
  COMMIT`;

export type StoreName = keyof typeof STORES;
