import type { ClientBase } from 'pg';
import { guardedForMs } from '../../guard.ts';
import type { StoreStatistics, UnknownKey } from '../../store.ts';
import { numberIn, recordOf, type Row, unknownKeyOf } from '../stored-record.ts';
import { NOW_MS, RECORD, STORED_GUARD } from './postgres-keys.ts';
import type { ServerClock } from './server-clock.ts';

/** Unknown records are kept for this many times the retention, because lookups need them. */
const UNKNOWN_RETENTIONS = 10;

export async function owned(
  client: ClientBase,
  customers: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<Row>(
    'SELECT customer FROM idempotency_keys WHERE customer = ANY($1::text[])',
    [customers],
  );
  return rows.map(({ customer }) => String(customer));
}

/** Keeps records that a request holds, and all whose age the clock does not tell. */
export async function purge(
  client: ClientBase,
  retentionMs: number,
  limit: number,
  clock: ServerClock,
): Promise<number> {
  const reading = clock.reading();
  const { rows } = await client.query<Row>(`SELECT ${NOW_MS} AS now_ms`);
  const { nowMs, evenSinceMs } = reading(numberIn(rows[0] ?? {}, 'now_ms'));
  const deleteWhere = async (condition: string, ageMs: number, maxRows: number) => {
    if (nowMs - evenSinceMs < ageMs) return 0;
    const { rowCount } = await client.query(
      `DELETE FROM idempotency_keys WHERE key IN (
         SELECT key FROM idempotency_keys WHERE ${condition} AND changed_at_ms <= $1
         ORDER BY changed_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [nowMs - ageMs, maxRows],
    );
    return rowCount ?? 0;
  };
  const finished = await deleteWhere(FINISHED, retentionMs, limit);
  const unfinished = await deleteWhere(
    `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown' OR lease_until_ms <= ${NOW_MS})`,
    UNKNOWN_RETENTIONS * retentionMs,
    limit - finished,
  );
  return finished + unfinished;
}

/**
 * Finished records. One stays while a create of the same content has no outcome, because that create
 * must not get the customer of this one. Each part has an index of its own.
 */
const FINISHED = `state IN ('done', 'free')
  AND NOT EXISTS (SELECT FROM idempotency_keys AS other
    WHERE other.content = idempotency_keys.content AND other.state = 'unknown')
  AND NOT EXISTS (SELECT FROM idempotency_keys AS other
    WHERE other.content = idempotency_keys.content AND other.state IN ('reserved', 'sent'))`;

/** Includes records that become unknown because their lease has expired. */
const UNKNOWN = `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown'
  OR (lease_until_ms <= ${NOW_MS} AND (state = 'sent' OR ever_unknown)))`;

/** Includes records whose response was damaged. Each part has an index of its own. */
const UNKNOWN_KEYS = `(SELECT * FROM idempotency_keys WHERE ${UNKNOWN}
  UNION ALL SELECT * FROM idempotency_keys WHERE state = 'done' AND answer IS NULL) AS unknown_keys`;

export async function statistics(client: ClientBase): Promise<StoreStatistics> {
  const { rows } = await client.query<Row>(
    `SELECT count(*) AS unknown, ${NOW_MS} AS now_ms, ${STORED_GUARD} AS guard FROM ${UNKNOWN_KEYS}`,
  );
  const [row = {}] = rows;
  const guard = typeof row['guard'] === 'string' ? row['guard'] : undefined;
  return {
    unknown: numberIn(row, 'unknown'),
    guardedForMs: guardedForMs(guard, numberIn(row, 'now_ms')),
  };
}

export async function unknownKeys(
  client: ClientBase,
  limit: number,
  key: string | undefined,
  clock: ServerClock,
): Promise<readonly UnknownKey[]> {
  const reading = clock.reading();
  const { rows } = await client.query<Row>(
    `SELECT key, ${RECORD}, ${NOW_MS} AS now_ms FROM ${UNKNOWN_KEYS}
     WHERE key = coalesce($2::text, key) ORDER BY changed_at_ms LIMIT $1`,
    [limit, key],
  );
  return rows.map((row) => {
    const time = reading(numberIn(row, 'now_ms'));
    return unknownKeyOf(String(row['key']), recordOf(row, time.nowMs).record, time);
  });
}
