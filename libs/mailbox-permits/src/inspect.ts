import pg from 'pg';
import { end } from './permit-connection.ts';

/** How long to wait for the connection and for each answer. */
const LIMITS: pg.ClientConfig = { connectionTimeoutMillis: 5000, query_timeout: 5000 };

/** What the rows hold now, for operators. Processes and mailboxes are opaque. */
export interface PermitsSnapshot {
  readonly permits: readonly {
    readonly mailbox: string;
    readonly slot: number;
    readonly process: string;
    readonly leaseLeftMs: number;
  }[];
  readonly waiting: readonly {
    readonly mailbox: string;
    readonly process: string;
    readonly wanted: number;
    readonly waitedMs: number;
  }[];
  readonly states: readonly {
    readonly mailbox: string;
    readonly pauseLeftMs: number;
    /** The limit that Graph has taught, with a quiet minute for each further one; null for none. */
    readonly learnedLimit: number | null;
  }[];
  /** Processes that were seen in the last ten minutes. */
  readonly processes: number;
  readonly recoveringMs: number;
}

const SNAPSHOT = `
  WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint AS now_ms),
  permits AS (
    SELECT mailbox, slot, process, lease_until_ms - now_ms AS "leaseLeftMs"
    FROM mailbox_permits, clock
    WHERE lease_until_ms > now_ms AND mailbox = coalesce($1, mailbox)),
  waiting AS (
    SELECT mailbox, process, wanted, now_ms - since_ms AS "waitedMs" FROM mailbox_waiters, clock
    WHERE until_ms > now_ms AND mailbox = coalesce($1, mailbox)),
  states AS (
    SELECT mailbox, CASE WHEN paused_until_ms BETWEEN now_ms AND now_ms + 60000
        THEN paused_until_ms - now_ms ELSE 0 END AS "pauseLeftMs",
      lowered_limit + greatest(0, now_ms - lowered_at_ms) / 60000 AS "learnedLimit"
    FROM mailbox_states, clock WHERE mailbox = coalesce($1, mailbox))
  SELECT
    (SELECT coalesce(json_agg(p ORDER BY mailbox, slot), '[]') FROM permits p) AS permits,
    (SELECT coalesce(json_agg(w ORDER BY mailbox, process), '[]') FROM waiting w) AS waiting,
    (SELECT coalesce(json_agg(s ORDER BY mailbox), '[]') FROM states s) AS states,
    (SELECT count(*)::int FROM mailbox_processes WHERE seen_at_ms > now_ms - 600000) AS processes,
    greatest(0, coalesce((SELECT until_ms FROM mailbox_recovery), 0) - now_ms)::float8
      AS "recoveringMs"
  FROM clock`;

/**
 * Reads the rows of one mailbox, or of all.
 *
 * @param url a connection URI of libpq
 * @param mailbox its digest
 * @returns undefined when no process has used the database for permits yet
 * @throws Error when the server does not answer in time
 */
export async function inspectPermits(
  url: string,
  mailbox?: string,
): Promise<PermitsSnapshot | undefined> {
  const client = new pg.Client({ ...LIMITS, connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const tables = await client.query<{ last: unknown }>(
      `SELECT to_regclass('mailbox_processes') AS last`,
    );
    if (tables.rows[0]?.last === null) return undefined;
    const { rows } = await client.query<PermitsSnapshot>(SNAPSHOT, [mailbox ?? null]);
    return rows[0];
  } finally {
    end(client);
  }
}
