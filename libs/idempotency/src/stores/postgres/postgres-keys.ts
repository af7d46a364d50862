import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { customerOf, decide } from '../../decide.ts';
import type { StoreFigures, UnknownKey } from '../../store.ts';
import type { KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, type Row, unknownKeyOf } from '../stored-record.ts';

export const RECORD = `state, fence, content, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms,
  customer, answer`;

/** The server's clock, which is one for all replicas; not the start of the transaction. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Unknown ones are what a look-up goes by: they are kept for so many times as long. */
const UNKNOWN_RETENTIONS = 10;

/** What another key has to do with an event, with the event's own value as $2. */
const OTHERS = {
  duplicate: `content = $2 AND state IN ('reserved', 'sent')`,
  owner: 'customer = $2',
  none: '$2::text IS NULL AND false',
};

/**
 * What the transaction of an event has to lock: who claims the same content waits, as the row that
 * would be locked may not be there yet.
 */
export function lockOf(event: KeyEvent): bigint | undefined {
  if (event.kind !== 'claim') return undefined;
  return createHash('sha256').update(event.content).digest().readBigInt64BE();
}

/** Applies an event, inside a transaction that has its lock and may have to be repeated. */
export async function apply(client: ClientBase, key: string, event: KeyEvent): Promise<KeyOutcome> {
  const { nowMs, own, other } = await find(client, key, event);
  const isClaim = event.kind === 'claim';
  const found = {
    own,
    duplicate: isClaim ? other?.record : undefined,
    unsettledDuplicates: 0,
    ownedByAnother: !isClaim && !!other,
  };
  let decision = decide(found, event, nowMs);
  if (isClaim && decision.outcome.kind === 'claimed' && decision.outcome.look) {
    const duplicates = await unsettledDuplicates(client, key, event.content);
    decision = decide({ ...found, unsettledDuplicates: duplicates }, event, nowMs);
  }
  const { outcome, duplicate, own: next } = decision;
  if (other && duplicate) await update(client, other.key, duplicate, nowMs);
  if (next) await (own ? update : insert)(client, key, next, nowMs);
  return outcome;
}

async function find(client: ClientBase, key: string, event: KeyEvent) {
  const customer = customerOf(event);
  const [others, value] =
    event.kind === 'claim'
      ? [OTHERS.duplicate, event.content]
      : customer !== undefined
        ? [OTHERS.owner, customer]
        : [OTHERS.none, null];
  // The time is read behind the locks: it may have taken long to get them.
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
 * A statement of its own, behind the lock: one that had to wait for the row of a duplicate would not see
 * what the duplicate has become.
 */
async function unsettledDuplicates(client: ClientBase, key: string, content: string): Promise<number> {
  const { rows } = await client.query<Row>(
    `SELECT count(*) AS duplicates FROM idempotency_keys
     WHERE content = $1 AND state = 'unknown' AND customer IS NULL AND key <> $2`,
    [content, key],
  );
  return numberIn(rows[0] ?? {}, 'duplicates');
}

/** Fails where somebody else was faster: what they wrote must be looked at, not written over. */
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
  const { state, fence, content, leaseUntilMs, everUnknown } = record;
  const { sentAtMs, abandonedAtMs, customer, answer } = record;
  // Undefined is NULL.
  return [
    ...[key, state, fence, content, leaseUntilMs, everUnknown],
    ...[sentAtMs, abandonedAtMs, customer, answer && Buffer.from(answer), nowMs],
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

/** Leaves alone what somebody is at. */
export async function purge(
  client: ClientBase,
  retentionMs: number,
  limit: number,
): Promise<number> {
  const forget = async (condition: string, ageMs: number, most: number) => {
    const { rowCount } = await client.query(
      `DELETE FROM idempotency_keys WHERE key IN (
         SELECT key FROM idempotency_keys WHERE ${condition} AND changed_at_ms <= ${NOW_MS} - $1::bigint
         ORDER BY changed_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [ageMs, most],
    );
    return rowCount ?? 0;
  };
  const settled = await forget(`state IN ('done', 'free')`, retentionMs, limit);
  const unsettled = await forget(
    `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown' OR lease_until_ms <= ${NOW_MS})`,
    UNKNOWN_RETENTIONS * retentionMs,
    limit - settled,
  );
  return settled + unsettled;
}

/** Also what a lease that has run out has left behind. */
const UNKNOWN = `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown'
  OR (lease_until_ms <= ${NOW_MS} AND (state = 'sent' OR ever_unknown)))`;

export async function figures(client: ClientBase): Promise<StoreFigures> {
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
