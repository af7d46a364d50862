import type { QueryConfig } from 'pg';
import { decide } from '../../decide.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { lockOf, NOW_MS, RECORD } from './postgres-keys.ts';

/** A statement without an explicit transaction, and the outcome if it changes a row. */
export interface SingleStatement {
  readonly statement: QueryConfig;
  readonly outcome: KeyOutcome;
}

type Fenced = Extract<KeyEvent, { fence: number }>;

/**
 * `transition` for a held record, as SQL assignments. `now.ms` is the time; $3 and following are
 * values of the event.
 */
const UPDATES: Readonly<Record<Fenced['kind'], string>> = {
  send: `state = 'sent', lease_until_ms = now.ms + $3::bigint,
    sent_at_ms = CASE WHEN ever_unknown THEN coalesce(sent_at_ms, now.ms) ELSE now.ms END`,
  renew: 'lease_until_ms = now.ms + $3::bigint',
  complete: `state = 'done', lease_until_ms = now.ms, customer = $3, answer = $4`,
  release: `state = CASE WHEN ever_unknown THEN 'unknown' ELSE 'free' END`,
  abandon: `state = CASE WHEN ever_unknown OR state = 'sent' THEN 'unknown' ELSE 'free' END,
    ever_unknown = ever_unknown OR state = 'sent',
    abandoned_at_ms = CASE WHEN state = 'sent'
      THEN greatest(abandoned_at_ms, now.ms) ELSE abandoned_at_ms END`,
};

/** These events need a lease that has not expired. */
const NEEDS_LEASE: ReadonlySet<Fenced['kind']> = new Set(['send', 'renew']);

/**
 * The fast path: one statement for a new key without a held duplicate, and for events of the holder.
 * When the statement changes no row or conflicts, the caller falls back to `apply`.
 *
 * The time is read when the statement begins. If it then waits for a row, another request may have
 * acquired the key; the fence has changed then, and the statement changes nothing.
 *
 * @returns undefined for `resolve`, `lost` and repeats without a key, which are rare
 */
export function singleStatement(key: string, event: KeyEvent): SingleStatement | undefined {
  if (event.kind === 'resolve' || event.kind === 'lost') return undefined;
  if (event.kind !== 'acquire') return updateHeld(key, event);
  return event.earlier ? undefined : acquireNew(key, event);
}

/**
 * The advisory lock keeps other requests with the same fingerprint from counting duplicates at the
 * same time. The unique index rejects a second held record.
 */
function acquireNew(
  key: string,
  event: KeyEvent & { kind: 'acquire' },
): SingleStatement | undefined {
  const nothing = {
    own: undefined,
    duplicate: undefined,
    unknownDuplicates: 0,
    ownedByAnother: false,
  };
  // At time 0 the times of the record are relative to now.
  const { own, outcome } = decide(nothing, event, 0);
  if (!own) return undefined;
  const text = `INSERT INTO idempotency_keys (key, ${RECORD}, changed_at_ms)
    SELECT $1, $2, $3::bigint, $4, now.ms + $5::bigint, false, NULL, NULL, NULL, NULL, now.ms
    FROM pg_advisory_xact_lock($6::bigint), LATERAL (SELECT ${NOW_MS} AS ms) AS now
    ON CONFLICT DO NOTHING`;
  const values = [key, own.state, own.fence, own.fingerprint, own.leaseUntilMs, lockOf(event)];
  return { statement: { name: 'acquire', text, values }, outcome };
}

function updateHeld(key: string, event: Fenced): SingleStatement {
  const leaseCondition = NEEDS_LEASE.has(event.kind) ? 'AND lease_until_ms > now.ms' : '';
  const text = `UPDATE idempotency_keys SET ${UPDATES[event.kind]}, changed_at_ms = now.ms
    FROM (SELECT ${NOW_MS} AS ms) AS now
    WHERE key = $1 AND fence = $2::bigint AND state IN ('reserved', 'sent') ${leaseCondition}`;
  const values = [key, event.fence, ...valuesOf(event)];
  return { statement: { name: event.kind, text, values }, outcome: { kind: 'updated' } };
}

function valuesOf(event: Fenced): readonly unknown[] {
  switch (event.kind) {
    case 'send':
    case 'renew':
      return [event.leaseMs];
    case 'complete':
      return [event.customer, Buffer.from(event.response)];
    case 'release':
    case 'abandon':
      return [];
  }
}
