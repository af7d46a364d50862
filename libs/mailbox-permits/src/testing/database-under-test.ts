import { randomUUID } from 'node:crypto';
import type { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import pg from 'pg';
import { PostgresRows } from '../postgres-rows.ts';
import type { RowsEvent } from '../rows.ts';
import type { PermitTimes } from '../times.ts';

/** Functions of the schema `public` come first in the search path. */
const MOVABLE_CLOCK = `CREATE TABLE test_clock AS SELECT 1000000::bigint AS now_ms;
  CREATE FUNCTION public.statement_timestamp() RETURNS timestamptz VOLATILE
    RETURN to_timestamp((SELECT now_ms FROM public.test_clock) / 1000.0);
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
  END $$`;

export const TIMES: PermitTimes = { attemptMs: 1000, lingerMs: 1000 };

/** A database with a clock that the test sets, and the rows of several processes in it. */
export class DatabaseUnderTest {
  readonly #opened: PostgresRows[] = [];

  private constructor(
    readonly url: string,
    readonly client: pg.Client,
  ) {}

  static async create(server: PostgresServer): Promise<DatabaseUnderTest> {
    const url = await server.createDatabase();
    const client = new pg.Client(url);
    await client.connect();
    await client.query(MOVABLE_CLOCK);
    return new DatabaseUnderTest(url, client);
  }

  async open(
    process: string = randomUUID(),
    options: { url?: string; concurrency?: number; onEvent?: (event: RowsEvent) => void } = {},
  ): Promise<PostgresRows> {
    const { url = this.url, concurrency = 4, onEvent = () => undefined } = options;
    const rows = new PostgresRows({
      url,
      process,
      times: TIMES,
      concurrency,
      digest: () => Promise.resolve((mailbox) => mailbox),
      onEvent,
    });
    await rows.connect();
    this.#opened.push(rows);
    return rows;
  }

  async setClock(nowMs: number): Promise<void> {
    await this.client.query('UPDATE test_clock SET now_ms = $1', [nowMs]);
  }

  async permits() {
    const { rows } = await this.client.query<{
      mailbox: string;
      slot: number;
      process: string;
      fence: string;
      lease: string;
    }>(
      `SELECT mailbox, slot, process, fence, lease_until_ms AS lease FROM mailbox_permits, test_clock
       WHERE lease_until_ms > now_ms ORDER BY mailbox, slot`,
    );
    return rows.map(({ fence, lease, ...row }) => ({
      ...row,
      fence: Number(fence),
      leaseUntilMs: Number(lease),
    }));
  }

  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((rows) => rows.close()));
    await this.client.end();
  }
}
