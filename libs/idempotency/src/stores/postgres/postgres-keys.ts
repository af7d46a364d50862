import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { customerOf, decide } from '../../decide.ts';
import type { StoreStatistics, UnknownKey } from '../../store.ts';
import type { KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, type Row, unknownKeyOf } from '../stored-record.ts';

export const RECORD = `state, fence, content, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms,
  customer, answer`;

/** The server's clock, shared by all replicas. Unlike now(), it advances within a transaction. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Unknown records are kept for this many times the retention, because lookups need them. */
const UNKNOWN_RETENTIONS = 10;

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

/** Applies an event. Call it in a transaction that has the lock and may be repeated. */
export async function apply(client: ClientBase, key: string, event: KeyEvent): Promise<KeyOutcome> {
  const { nowMs, own, other } = await find(client, key, event);
  const isAcquire = event.kind === 'acquire';
  const found = {
    own,
    duplicate: isAcquire ? other?.record : undefined,
    unknownDuplicates: 0,
    ownedByAnother: !isAcquire && !!other,
  };
  let decision = decide(found, event, nowMs);
  if (isAcquire && decision.outcome.kind === 'acquired' && decision.outcome.lookup) {
    const duplicates = await unknownDuplicates(client, key, event.fingerprint);
    decision = decide({ ...found, unknownDuplicates: duplicates }, event, nowMs);
  }
  const { outcome, duplicate, own: next } = decision;
  if (other && duplicate) await update(client, other.key, duplicate, nowMs);
  if (next) await (own ? update : insert)(client, key, next, nowMs);
  return outcome;
}

async function find(client: ClientBase, key: string, event: KeyEvent) {
  const customer = customerOf(event);
  const [others, value] =
    event.kind === 'acquire'
      ? [OTHERS.duplicate, event.fingerprint]
      : customer !== undefined
        ? [OTHERS.owner, customer]
        : [OTHERS.none, null];
  // The time is read after the rows are locked, because waiting for the locks may take long.
  const { rows } = await client.query<Row>(
    `WITH own AS MATERIALIZED (
       SELECT key, ${RECORD} FROM idempotency_keys WHERE key = $1 FOR UPDATE
     ), other AS MATERIALIZED (
       SELECT key, ${RECORD} FROM idempotency_keys WHERE ${others} AND key <> $1 FOR UPDATE
     )
     SELECT ${NOW_MS} AS now_ms, found.* FROM (VALUES (1)) AS always
       LEFT JOIN (SELECT * FROM own UNION ALL SELECT * FROM other) AS found ON true`,
    [key, value],
  );
  const own = rows.find((row) => row['key'] === key);
  const other = rows.find((row) => typeof row['key'] === 'string' && row['key'] !== key);
  return {
    nowMs: Math.max(...rows.map((row) => numberIn(row, 'now_ms'))),
    own: own && recordOf(own),
    other: other && { key: String(other['key']), record: recordOf(other) },
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

/** Fails when another process has inserted the key first. The transaction is then repeated. */
async function insert(
  client: ClientBase,
  key: string,
  record: KeyRecord,
  nowMs: number,
): Promise<void> {
  await client.query(
    `INSERT INTO idempotency_keys (key, ${RECORD}, changed_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values(key, record, nowMs),
  );
}

async function update(
  client: ClientBase,
  key: string,
  record: KeyRecord,
  nowMs: number,
): Promise<void> {
  await client.query(
    `UPDATE idempotency_keys SET (${RECORD}, changed_at_ms)
       = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WHERE key = $1`,
    values(key, record, nowMs),
  );
}

function values(key: string, record: KeyRecord, nowMs: number): unknown[] {
  const { state, fence, fingerprint, leaseUntilMs, everUnknown } = record;
  const { sentAtMs, abandonedAtMs, customer, response } = record;
  // The driver sends undefined as NULL.
  return [
    key,
    state,
    fence,
    fingerprint,
    leaseUntilMs,
    everUnknown,
    sentAtMs,
    abandonedAtMs,
    customer,
    response && Buffer.from(response),
    nowMs,
  ];
}

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

/** Keeps records that a request holds. */
export async function purge(
  client: ClientBase,
  retentionMs: number,
  limit: number,
): Promise<number> {
  const deleteWhere = async (condition: string, ageMs: number, maxRows: number) => {
    const { rowCount } = await client.query(
      `DELETE FROM idempotency_keys WHERE key IN (
         SELECT key FROM idempotency_keys WHERE ${condition} AND changed_at_ms <= ${NOW_MS} - $1::bigint
         ORDER BY changed_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [ageMs, maxRows],
    );
    return rowCount ?? 0;
  };
  const finished = await deleteWhere(`state IN ('done', 'free')`, retentionMs, limit);
  const unfinished = await deleteWhere(
    `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown' OR lease_until_ms <= ${NOW_MS})`,
    UNKNOWN_RETENTIONS * retentionMs,
    limit - finished,
  );
  return finished + unfinished;
}

/** Includes records that become unknown because their lease has expired. */
const UNKNOWN = `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown'
  OR (lease_until_ms <= ${NOW_MS} AND (state = 'sent' OR ever_unknown)))`;

export async function statistics(client: ClientBase): Promise<StoreStatistics> {
  const { rows } = await client.query<Row>(
    `SELECT count(*) AS unknown FROM idempotency_keys WHERE ${UNKNOWN}`,
  );
  return { unknown: numberIn(rows[0] ?? {}, 'unknown') };
}

export async function unknownKeys(
  client: ClientBase,
  limit: number,
): Promise<readonly UnknownKey[]> {
  const { rows } = await client.query<Row>(
    `SELECT key, ${RECORD} FROM idempotency_keys WHERE ${UNKNOWN} ORDER BY changed_at_ms LIMIT $1`,
    [limit],
  );
  return rows.map(unknownKeyOf);
}
