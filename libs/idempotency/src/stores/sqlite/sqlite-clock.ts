import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { GUARD } from '../../guard.ts';
import { CLOCK_STEP_MS, EARLIEST_MS, type StoreTime } from '../../store-time.ts';
import { numberIn } from '../stored-record.ts';
import type { MachineClocks } from './machine-clocks.ts';

/** A damaged row may have a larger number, which the driver cannot read. */
const READABLE_MS = Number.MAX_SAFE_INTEGER;

/** The clock of the store, as the file keeps it. */
interface ClockState {
  readonly boot: string | undefined;
  /** The store's clock minus elapsed time. */
  readonly aheadMs: number;
  /** The wall clock minus elapsed time. */
  readonly wallAheadMs: number;
  readonly evenSinceMs: number;
}

/**
 * The store's clock. It runs with the elapsed time of the machine, so a wall clock that is set
 * changes nothing. After another start of the machine it goes on where its last record ends, and the
 * wall clock says how much time has passed.
 *
 * Call its methods in a transaction that has the write lock.
 */
export class SqliteClock {
  readonly #clocks: () => MachineClocks;
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #newest: StatementSync;
  readonly #lastLease: StatementSync;
  readonly #reachBack: StatementSync;
  readonly #guardReachesBack: StatementSync;

  constructor(database: DatabaseSync, clocks: () => MachineClocks) {
    this.#clocks = clocks;
    this.#load = database.prepare('SELECT * FROM idempotency_clock');
    this.#save = database.prepare(
      `INSERT OR REPLACE INTO idempotency_clock (id, boot, ahead_ms, wall_ahead_ms, even_since_ms)
       VALUES (1, ?, ?, ?, ?)`,
    );
    this.#newest = database.prepare(
      `SELECT max(
         coalesce((SELECT max(changed_at_ms) FROM idempotency_keys
           WHERE state IN ('done', 'free') AND changed_at_ms <= ${READABLE_MS}), 0),
         coalesce((SELECT max(changed_at_ms) FROM idempotency_keys
           WHERE state IN ('reserved', 'sent', 'unknown')
             AND changed_at_ms <= ${READABLE_MS}), 0)) AS ms`,
    );
    this.#lastLease = database.prepare(
      `SELECT coalesce(max(lease_until_ms), 0) AS ms FROM idempotency_keys
       WHERE state IN ('reserved', 'sent') AND lease_until_ms <= ${READABLE_MS}`,
    );
    this.#reachBack = database.prepare(
      `UPDATE idempotency_keys SET sent_at_ms = max(?, sent_at_ms - ?)
       WHERE state IN ('reserved', 'sent', 'unknown') AND sent_at_ms IS NOT NULL`,
    );
    this.#guardReachesBack = database.prepare(
      `UPDATE idempotency_meta
       SET value = json_set(value, '$.sinceMs', max(?, (value ->> '$.sinceMs') - ?))
       WHERE name = ?`,
    );
  }

  /** How long ago a record last changed, by the wall clock. Call it before `read`. */
  newestAgoMs(): number | undefined {
    const newestMs = this.#ms(this.#newest);
    const kept = this.#kept();
    // It is not known when the clock stopped that went on at this time.
    const isOfEarlierClock = kept && kept.evenSinceMs > 0 && newestMs <= kept.evenSinceMs;
    if (newestMs === 0 || isOfEarlierClock) return undefined;
    return this.#clocks().wallMs - this.wallTimeOf(newestMs);
  }

  read(): StoreTime {
    const clocks = this.#clocks();
    const kept = this.#kept();
    const { nowMs, evenSinceMs } = kept ? this.#readOn(kept, clocks) : this.#start(clocks);
    return { nowMs, evenSinceMs, leasesSinceMs: 0 };
  }

  /** The wall clock's time of a time of the store. */
  wallTimeOf(storeMs: number): number {
    const kept = this.#kept();
    return kept ? storeMs - kept.aheadMs + kept.wallAheadMs : storeMs;
  }

  #readOn(kept: ClockState, clocks: MachineClocks) {
    const { elapsedMs, wallMs, boot } = clocks;
    const nowMs = elapsedMs + kept.aheadMs;
    const newestMs = boot === undefined ? this.#ms(this.#newest) : 0;
    if (boot !== kept.boot || nowMs < newestMs - CLOCK_STEP_MS) {
      return this.#continue(kept, clocks);
    }
    const movedMs = wallMs - elapsedMs - kept.wallAheadMs;
    if (Math.abs(movedMs) > CLOCK_STEP_MS) {
      // The machine may have slept for as long. Elapsed time does not count then.
      if (movedMs > 0) this.#openLookups(movedMs);
      this.#write({ ...kept, wallAheadMs: wallMs - elapsedMs });
    }
    return { nowMs: Math.max(nowMs, newestMs), evenSinceMs: kept.evenSinceMs };
  }

  /** A file without a clock has times of the wall clock. */
  #start({ elapsedMs, wallMs, boot }: MachineClocks) {
    const aheadMs = wallMs - elapsedMs;
    this.#write({ boot, aheadMs, wallAheadMs: aheadMs, evenSinceMs: 0 });
    return { nowMs: wallMs, evenSinceMs: 0 };
  }

  /**
   * The wall clock may be wrong after a start. So the store's clock moves on only as far as every
   * lease needs to end. Nothing is then deleted too early.
   */
  #continue(kept: ClockState, { elapsedMs, wallMs, boot }: MachineClocks) {
    const byWallMs = wallMs - kept.wallAheadMs + kept.aheadMs;
    const newestMs = this.#ms(this.#newest);
    const leasesEndMs = Math.max(newestMs, this.#ms(this.#lastLease));
    const nowMs = newestMs === 0 ? byWallMs : Math.min(Math.max(byWallMs, newestMs), leasesEndMs);
    // A wall clock that went back does not say how much time has passed.
    this.#openLookups(byWallMs < newestMs ? Infinity : byWallMs - nowMs);
    this.#write({
      boot,
      aheadMs: nowMs - elapsedMs,
      wallAheadMs: wallMs - elapsedMs,
      evenSinceMs: nowMs,
    });
    return { nowMs, evenSinceMs: nowMs };
  }

  /** Lookups of older attempts reach back by as much more. */
  #openLookups(byMs: number): void {
    const ms = Math.min(byMs, Number.MAX_SAFE_INTEGER);
    this.#reachBack.run(EARLIEST_MS, ms);
    this.#guardReachesBack.run(EARLIEST_MS, ms, GUARD);
  }

  #kept(): ClockState | undefined {
    const row = this.#load.get();
    if (!row) return undefined;
    return {
      boot: typeof row['boot'] === 'string' ? row['boot'] : undefined,
      aheadMs: numberIn(row, 'ahead_ms'),
      wallAheadMs: numberIn(row, 'wall_ahead_ms'),
      evenSinceMs: numberIn(row, 'even_since_ms'),
    };
  }

  #write({ boot, aheadMs, wallAheadMs, evenSinceMs }: ClockState): void {
    this.#save.run(boot ?? null, aheadMs, wallAheadMs, evenSinceMs);
  }

  #ms(statement: StatementSync): number {
    return numberIn(statement.get() ?? {}, 'ms');
  }
}
