import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '@bookings/idempotency/testing/postgres-server';

/** A store for one run. */
export interface RunStore {
  readonly env: Readonly<Record<string, string>>;
  /** Number of processes that share it. */
  readonly replicas: number;
  remove(): Promise<void>;
}

export const STORES = {
  sqlite: async (): Promise<RunStore> => {
    const folder = await mkdtemp(join(tmpdir(), 'bookings-history-'));
    return {
      env: { STATE_URL: `sqlite:${join(folder, 'state.db')}` },
      replicas: 1,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
  postgres: async (): Promise<RunStore> => {
    const server = await PostgresServer.start();
    return {
      env: {
        STATE_URL: await server.createDatabase(),
        STATE_SECRET: 'one secret for every process',
      },
      replicas: 3,
      remove: () => server.stop(),
    };
  },
};

export type StoreName = keyof typeof STORES;
