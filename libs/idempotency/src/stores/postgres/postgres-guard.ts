import { performance } from 'node:perf_hooks';
import type { ClientBase } from 'pg';
import { GUARD, type GuardRequest, guardToStore } from '../../guard.ts';
import { lateGuard } from '../../late-call.ts';
import { numberIn, type Row } from '../stored-record.ts';
import { NOW_MS } from './postgres-keys.ts';

/** Processes that set a guard at the same time do so one after the other. */
export const GUARD_LOCK = 7_304_116_590_422n;

/** How long ago a record last changed, by the server's clock. */
export async function age(client: ClientBase): Promise<number | undefined> {
  // One index covers each part.
  const { rows } = await client.query<Row>(
    `SELECT ${NOW_MS} AS now_ms, greatest(
       (SELECT max(changed_at_ms) FROM idempotency_keys
         WHERE state IN ('done', 'free') AND changed_at_ms BETWEEN 0 AND $1),
       (SELECT max(changed_at_ms) FROM idempotency_keys
         WHERE state IN ('reserved', 'sent', 'unknown') AND changed_at_ms BETWEEN 0 AND $1)) AS newest_ms`,
    // A damaged row may have a larger one.
    [Number.MAX_SAFE_INTEGER],
  );
  const [row = {}] = rows;
  return row['newest_ms'] === null
    ? undefined
    : numberIn(row, 'now_ms') - numberIn(row, 'newest_ms');
}

export async function known(
  client: ClientBase,
  keys: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<Row>(
    'SELECT key FROM idempotency_keys WHERE key = ANY($1::text[])',
    [keys],
  );
  return rows.map(({ key }) => String(key));
}

/**
 * Call it in a transaction that has `GUARD_LOCK`.
 *
 * @param calledAtMs when the store was called, in milliseconds of `performance.now()`
 */
export async function guard(
  client: ClientBase,
  called: GuardRequest,
  calledAtMs: number,
): Promise<void> {
  const { rows } = await client.query<Row>(
    `SELECT ${NOW_MS} AS now_ms, (SELECT value FROM idempotency_meta WHERE name = $1) AS guard`,
    [GUARD],
  );
  const request = lateGuard(called, performance.now() - calledAtMs);
  const [row = {}] = rows;
  const stored = typeof row['guard'] === 'string' ? row['guard'] : undefined;
  await client.query(
    `INSERT INTO idempotency_meta (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [GUARD, guardToStore(stored, request, numberIn(row, 'now_ms'))],
  );
}
