import type { QueryConfig } from 'pg';
import { decide } from '../../decide.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { lockOf, NOW_MS, RECORD } from './postgres-keys.ts';

/** A statement that is a transaction by itself, and what it brought about if it changed a row. */
export interface SingleStatement {
  readonly statement: QueryConfig;
  readonly outcome: KeyOutcome;
}

type Fenced = Extract<KeyEvent, { fence: number }>;

/**
 * What `transition` makes of a record that is held, as assignments; `now.ms` is the time. The event
 * has its own values from $3 on.
 */
const MOVES: Readonly<Record<Fenced['kind'], string>> = {
  send: `state = 'sent', lease_until_ms = now.ms + $3::bigint,
    sent_at_ms = CASE WHEN ever_unknown THEN coalesce(sent_at_ms, now.ms) ELSE now.ms END`,
  renew: 'lease_until_ms = now.ms + $3::bigint',
  done: `state = 'done', customer = $3, answer = $4`,
  release: `state = CASE WHEN ever_unknown THEN 'unknown' ELSE 'free' END`,
  abandon: `state = CASE WHEN ever_unknown OR state = 'sent' THEN 'unknown' ELSE 'free' END,
    ever_unknown = ever_unknown OR state = 'sent',
    abandoned_at_ms = CASE WHEN state = 'sent' THEN now.ms ELSE abandoned_at_ms END`,
};

/** Of these, who comes after the lease has lost. */
const IN_TIME: ReadonlySet<Fenced['kind']> = new Set(['send', 'renew']);

/**
 * The one statement that does what an event does nearly always: a claim of a key that nobody knows
 * while no duplicate is held, and whatever who holds a key says in time. Where it changes nothing, or
 * meets with another, `apply` has to find out what there is to say.
 *
 * The time is that at which the statement began. Who then waits for a row finds it as it was, or of
 * the same claim, or changes nothing: a claim that was taken over meanwhile has another fence.
 *
 * @returns undefined for an event that is too rare
 */
export function singleStatement(key: string, event: KeyEvent): SingleStatement | undefined {
  if (event.kind === 'resolve') return undefined;
  return event.kind === 'claim' ? claimed(key, event) : moved(key, event);
}

/**
 * The lock keeps the promise that no duplicate is claimed while another claim counts its duplicates; the index
 * over what is held refuses the second of two, whether or not it can be seen yet.
 */
function claimed(key: string, event: KeyEvent & { kind: 'claim' }): SingleStatement | undefined {
  const nothing = { own: undefined, duplicate: undefined, unsettledDuplicates: 0, ownedByAnother: false };
  // At the time 0, so that its times are how much later they are.
  const { own, outcome } = decide(nothing, event, 0);
  if (!own) return undefined;
  const text = `INSERT INTO idempotency_keys (key, ${RECORD}, changed_at_ms)
    SELECT $1, $2, $3::bigint, $4, now.ms + $5::bigint, false, NULL, NULL, NULL, NULL, now.ms
    FROM pg_advisory_xact_lock($6::bigint), LATERAL (SELECT ${NOW_MS} AS ms) AS now
    ON CONFLICT DO NOTHING`;
  const values = [key, own.state, own.fence, own.content, own.leaseUntilMs, lockOf(event)];
  return { statement: { name: 'claim', text, values }, outcome };
}

function moved(key: string, event: Fenced): SingleStatement {
  const inTime = IN_TIME.has(event.kind) ? 'AND lease_until_ms > now.ms' : '';
  const text = `UPDATE idempotency_keys SET ${MOVES[event.kind]}, changed_at_ms = now.ms
    FROM (SELECT ${NOW_MS} AS ms) AS now
    WHERE key = $1 AND fence = $2::bigint AND state IN ('reserved', 'sent') ${inTime}`;
  const values = [key, event.fence, ...valuesOf(event)];
  return { statement: { name: event.kind, text, values }, outcome: { kind: 'moved' } };
}

function valuesOf(event: Fenced): readonly unknown[] {
  switch (event.kind) {
    case 'send':
    case 'renew':
      return [event.leaseMs];
    case 'done':
      return [event.customer, Buffer.from(event.answer)];
    case 'release':
    case 'abandon':
      return [];
  }
}
