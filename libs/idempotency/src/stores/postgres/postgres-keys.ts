import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { ClientBase } from 'pg';
import { customerOf, storeTransition } from '../../store-transition.ts';
import { activeGuard, GUARD } from '../../guard.ts';
import { lateEvent } from '../../late-call.ts';
import type { Change, KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, type Row } from '../stored-record.ts';
import type { ServerClock } from './server-clock.ts';

export const RECORD = `state, fence, content, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms,
  customer, answer, changed_at_ms, comparisons`;

/** The server's clock, shared by all replicas. Unlike now(), it advances within a transaction. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** A new fence. A number that is not used is lost, which does not matter. */
export const NEXT_FENCE = `nextval('idempotency_fence')`;

export const STORED_GUARD = `(SELECT value FROM idempotency_meta WHERE name = '${GUARD}')`;

/** Conditions for other records that an event depends on. $2 is a value of the event. */
const OTHERS = {
  duplicate: `content = $2 AND state IN ('reserved', 'sent')`,
  owner: 'customer = $2',
  none: '$2::text IS NULL AND false',
};

/**
 * The advisory lock for the transaction of an event. It orders requests with the same fingerprint,
 * for which there may be no row to lock yet.
 */
export function lockOf(event: KeyEvent): bigint | undefined {
  if (event.kind !== 'acquire') return undefined;
  return createHash('sha256').update(event.fingerprint).digest().readBigInt64BE();
}

/**
 * Applies an event. Call it in a transaction that has the lock and may be repeated.
 *
 * @param calledAtMs when the store was called, in milliseconds of `performance.now()`
 */
export async function apply(
  client: ClientBase,
  key: string,
  called: KeyEvent,
  calledAtMs: number,
  clock: ServerClock,
): Promise<KeyOutcome> {
  const { time, nextFence, guard, own, other } = await find(client, key, called, clock);
  const event = lateEvent(called, Math.ceil(performance.now() - calledAtMs));
  const isAcquire = event.kind === 'acquire';
  const found = {
    own: own?.record,
    isUnreadable: own?.isUnreadable ?? false,
    duplicate: isAcquire ? other?.record : undefined,
    unknownDuplicates: 0,
    ownedByAnother: !isAcquire && !!other,
    time,
    nextFence,
    guard: activeGuard(guard, time.nowMs),
  };
  let result = storeTransition(found, event);
  if (isAcquire && result.outcome.kind === 'acquired' && result.outcome.lookup) {
    const duplicates = await unknownDuplicates(client, key, event.fingerprint);
    result = storeTransition({ ...found, unknownDuplicates: duplicates }, event);
  }
  const { outcome, duplicate, own: next } = result;
  if (other && duplicate) await write(client, other.key, other.record, duplicate);
  if (next) await write(client, key, own?.record, next);
  return outcome;
}

async function find(client: ClientBase, key: string, event: KeyEvent, clock: ServerClock) {
  const customer = customerOf(event);
  const [others, value] =
    event.kind === 'acquire'
      ? [OTHERS.duplicate, event.fingerprint]
      : customer !== undefined
        ? [OTHERS.owner, customer]
        : [OTHERS.none, null];
  const reading = clock.reading();
  const nextFence = event.kind === 'acquire' ? NEXT_FENCE : '0';
  const guard = event.kind === 'acquire' ? STORED_GUARD : 'NULL';
  // The time is read after the rows are locked, because waiting for the locks may take long.
  const { rows } = await client.query<Row>(
    `WITH own AS MATERIALIZED (
       SELECT key, ${RECORD} FROM idempotency_keys WHERE key = $1 FOR UPDATE
     ), other AS MATERIALIZED (
       SELECT key, ${RECORD} FROM idempotency_keys WHERE ${others} AND key <> $1 FOR UPDATE
     )
     SELECT ${NOW_MS} AS now_ms, ${nextFence} AS next_fence, ${guard} AS guard, found.*
       FROM (VALUES (1)) AS always
       LEFT JOIN (SELECT * FROM own UNION ALL SELECT * FROM other) AS found ON true`,
    [key, value],
  );
  const own = rows.find((row) => row['key'] === key);
  const other = rows.find((row) => typeof row['key'] === 'string' && row['key'] !== key);
  const time = reading(Math.max(...rows.map((row) => numberIn(row, 'now_ms'))));
  return {
    time,
    nextFence: Math.max(...rows.map((row) => numberIn(row, 'next_fence'))),
    guard: rows.map((row) => row['guard']).find((value) => typeof value === 'string'),
    own: own && recordOf(own, time.nowMs),
    other: other && { key: String(other['key']), ...recordOf(other, time.nowMs) },
  };
}

/**
 * A separate statement with a new snapshot: the one that waited for the row of a duplicate would not
 * see the new state of the duplicate.
 */
async function unknownDuplicates(
  client: ClientBase,
  key: string,
  fingerprint: string,
): Promise<number> {
  const { rows } = await client.query<Row>(
    `SELECT count(*) AS duplicates FROM idempotency_keys
     WHERE content = $1 AND state = 'unknown' AND customer IS NULL AND key <> $2`,
    [fingerprint, key],
  );
  return numberIn(rows[0] ?? {}, 'duplicates');
}

/** An insert fails when another process was first. The transaction is then repeated. */
async function write(
  client: ClientBase,
  key: string,
  found: KeyRecord | undefined,
  change: Change,
): Promise<void> {
  if (change === 'deleted') {
    await client.query('DELETE FROM idempotency_keys WHERE key = $1', [key]);
    return;
  }
  const values = '$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12';
  await client.query(
    found
      ? `UPDATE idempotency_keys SET (${RECORD}) = (${values}) WHERE key = $1`
      : `INSERT INTO idempotency_keys (key, ${RECORD}) VALUES ($1, ${values})`,
    [key, ...valuesOf(change)],
  );
}

function valuesOf(record: KeyRecord): unknown[] {
  const { state, fence, fingerprint, leaseUntilMs, everUnknown } = record;
  const { sentAtMs, abandonedAtMs, customer, response, changedAtMs, comparisons } = record;
  // The driver sends undefined as NULL.
  return [
    ...[state, fence, fingerprint, leaseUntilMs, everUnknown, sentAtMs, abandonedAtMs],
    ...[customer, response && Buffer.from(response), changedAtMs, comparisons],
  ];
}
