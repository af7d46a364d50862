import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { customerOf, storeTransition } from '../../store-transition.ts';
import type { GuardRequest } from '../../guard.ts';
import type { StoreStatistics, UnknownKey } from '../../store.ts';
import type { Change, KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { numberIn, recordOf, unknownKeyOf } from '../stored-record.ts';
import type { SqliteClock } from './sqlite-clock.ts';
import { SqliteGuard } from './sqlite-guard.ts';

const RECORD = `state, fence, content, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms,
  customer, answer, changed_at_ms, comparisons`;

/** SQLite uses the partial index when the condition is written as in the index. */
const HELD = `state IN ('reserved', 'sent')`;

/** Includes records that become unknown because their lease has expired. */
const UNKNOWN = `state IN ('reserved', 'sent', 'unknown') AND (state = 'unknown'
  OR (lease_until_ms <= ? AND (state = 'sent' OR ever_unknown = 1)))`;

/** Includes records whose response was damaged. Each part has an index of its own. */
const UNKNOWN_KEYS = `SELECT * FROM idempotency_keys WHERE ${UNKNOWN}
  UNION ALL SELECT * FROM idempotency_keys WHERE state = 'done' AND answer IS NULL`;

/** Unknown records are kept for this many times the retention, because lookups need them. */
const UNKNOWN_RETENTIONS = 10;

/** The table of keys. Call its methods inside a transaction. */
export class SqliteKeys {
  readonly #own: StatementSync;
  readonly #duplicate: StatementSync;
  readonly #unknownDuplicates: StatementSync;
  readonly #owner: StatementSync;
  readonly #owned: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #lastFence: StatementSync;
  readonly #useFence: StatementSync;
  readonly #purgeFinished: StatementSync;
  readonly #purgeUnfinished: StatementSync;
  readonly #unknown: StatementSync;
  readonly #unknownKeys: StatementSync;

  readonly #known: StatementSync;

  readonly #guard: SqliteGuard;
  readonly #clock: SqliteClock;

  constructor(database: DatabaseSync, clock: SqliteClock) {
    this.#clock = clock;
    this.#guard = new SqliteGuard(database);
    this.#known = database.prepare(
      'SELECT key FROM idempotency_keys WHERE key IN (SELECT value FROM json_each(?))',
    );
    this.#own = database.prepare(`SELECT ${RECORD} FROM idempotency_keys WHERE key = ?`);
    this.#duplicate = database.prepare(
      `SELECT key, ${RECORD} FROM idempotency_keys WHERE content = ? AND ${HELD} AND key <> ?`,
    );
    this.#unknownDuplicates = database.prepare(
      `SELECT count(*) AS duplicates FROM idempotency_keys
       WHERE content = ? AND state = 'unknown' AND customer IS NULL AND key <> ?`,
    );
    this.#owned = database.prepare(
      'SELECT customer FROM idempotency_keys WHERE customer IN (SELECT value FROM json_each(?))',
    );
    this.#owner = database.prepare(
      'SELECT 1 FROM idempotency_keys WHERE customer = ? AND key <> ?',
    );
    // INSERT OR REPLACE would delete a conflicting record of another key.
    this.#put = database.prepare(
      `INSERT INTO idempotency_keys (key, ${RECORD})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET state = excluded.state, fence = excluded.fence,
         content = excluded.content, lease_until_ms = excluded.lease_until_ms,
         ever_unknown = excluded.ever_unknown, sent_at_ms = excluded.sent_at_ms,
         abandoned_at_ms = excluded.abandoned_at_ms, customer = excluded.customer,
         answer = excluded.answer, changed_at_ms = excluded.changed_at_ms,
         comparisons = excluded.comparisons`,
    );
    this.#delete = database.prepare('DELETE FROM idempotency_keys WHERE key = ?');
    this.#lastFence = database.prepare('SELECT last FROM idempotency_fences');
    this.#useFence = database.prepare('UPDATE idempotency_fences SET last = ?');
    // A finished record stays while a create of the same content has no outcome, because that create
    // must not get the customer of this one. Each part has an index of its own.
    this.#purgeFinished = database.prepare(
      `DELETE FROM idempotency_keys WHERE key IN (
         SELECT key FROM idempotency_keys AS finished
         WHERE state IN ('done', 'free') AND changed_at_ms <= ?
           AND NOT EXISTS (SELECT 1 FROM idempotency_keys
             WHERE content = finished.content AND state = 'unknown')
           AND NOT EXISTS (SELECT 1 FROM idempotency_keys
             WHERE content = finished.content AND state IN ('reserved', 'sent'))
         ORDER BY changed_at_ms LIMIT ?)`,
    );
    this.#purgeUnfinished = database.prepare(
      `DELETE FROM idempotency_keys WHERE key IN (
         SELECT key FROM idempotency_keys WHERE state IN ('reserved', 'sent', 'unknown')
           AND changed_at_ms <= ? AND (state = 'unknown' OR lease_until_ms <= ?)
         ORDER BY changed_at_ms LIMIT ?)`,
    );
    this.#unknown = database.prepare(`SELECT count(*) AS unknown FROM (${UNKNOWN_KEYS})`);
    this.#unknownKeys = database.prepare(
      `SELECT key, ${RECORD} FROM (${UNKNOWN_KEYS}) WHERE key = coalesce(?, key)
       ORDER BY changed_at_ms LIMIT ?`,
    );
    // Otherwise the driver would throw for a number of a damaged row.
    for (const rows of [this.#own, this.#duplicate, this.#unknownKeys]) rows.setReadBigInts(true);
  }

  apply(key: string, event: KeyEvent): KeyOutcome {
    // The clock may move times of records, so it is read first.
    const time = this.#clock.read();
    const row = this.#own.get(key);
    const fingerprint = event.kind === 'acquire' ? event.fingerprint : undefined;
    const customer = customerOf(event);
    const held = fingerprint === undefined ? undefined : this.#duplicate.get(fingerprint, key);
    const duplicates =
      fingerprint === undefined ? undefined : this.#unknownDuplicates.get(fingerprint, key);
    const own = row && recordOf(row, time.nowMs);
    const found = {
      own: own?.record,
      isUnreadable: own?.isUnreadable ?? false,
      duplicate: held && recordOf(held, time.nowMs).record,
      unknownDuplicates: duplicates ? numberIn(duplicates, 'duplicates') : 0,
      ownedByAnother: customer !== undefined && this.#owner.get(customer, key) !== undefined,
      time,
      nextFence: numberIn(this.#lastFence.get() ?? {}, 'last') + 1,
      guard: event.kind === 'acquire' ? this.#guard.active(time.nowMs) : undefined,
    };
    const { outcome, duplicate, own: next } = storeTransition(found, event);
    if (outcome.kind === 'acquired') this.#useFence.run(outcome.fence);
    if (held && duplicate) this.#write(String(held['key']), duplicate);
    if (next) this.#write(key, next);
    return outcome;
  }

  purge(retentionMs: number, limit: number): number {
    const { nowMs } = this.#clock.read();
    const finished = Number(this.#purgeFinished.run(nowMs - retentionMs, limit).changes);
    const longAgoMs = nowMs - UNKNOWN_RETENTIONS * retentionMs;
    const { changes } = this.#purgeUnfinished.run(longAgoMs, nowMs, limit - finished);
    return finished + Number(changes);
  }

  owned(customers: readonly string[]): string[] {
    return this.#owned.all(JSON.stringify(customers)).map(({ customer }) => String(customer));
  }

  age(): number | undefined {
    return this.#clock.newestAgoMs();
  }

  known(keys: readonly string[]): string[] {
    return this.#known.all(JSON.stringify(keys)).map(({ key }) => String(key));
  }

  guard(request: GuardRequest): void {
    this.#guard.set(request, this.#clock.read().nowMs);
  }

  statistics(): StoreStatistics {
    const { nowMs } = this.#clock.read();
    return {
      unknown: numberIn(this.#unknown.get(nowMs) ?? {}, 'unknown'),
      guardedForMs: this.#guard.leftMs(nowMs),
    };
  }

  unknownKeys(limit: number, key?: string): UnknownKey[] {
    const time = this.#clock.read();
    return this.#unknownKeys.all(time.nowMs, key ?? null, limit).map((row) => {
      const unknown = unknownKeyOf(String(row['key']), recordOf(row, time.nowMs).record, time);
      return { ...unknown, sentAtMs: this.#clock.wallTimeOf(unknown.sentAtMs) };
    });
  }

  #write(key: string, change: Change): void {
    if (change === 'deleted') this.#delete.run(key);
    else this.#put.run(key, ...valuesOf(change));
  }
}

function valuesOf(record: KeyRecord): SQLInputValue[] {
  return [
    record.state,
    record.fence,
    record.fingerprint,
    record.leaseUntilMs,
    record.everUnknown ? 1 : 0,
    record.sentAtMs ?? null,
    record.abandonedAtMs ?? null,
    record.customer ?? null,
    record.response ?? null,
    record.changedAtMs,
    record.comparisons ?? null,
  ];
}
