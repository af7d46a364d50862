import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  activeGuard,
  GUARD,
  type Guard,
  guardedForMs,
  type GuardRequest,
  guardToStore,
} from '../../guard.ts';

/** The guard of a SQLite store. Call its methods inside a transaction. */
export class SqliteGuard {
  readonly #read: StatementSync;
  readonly #write: StatementSync;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare('SELECT value FROM idempotency_meta WHERE name = ?');
    this.#write = database.prepare(
      'INSERT OR REPLACE INTO idempotency_meta (name, value) VALUES (?, ?)',
    );
  }

  active(nowMs: number): Guard | undefined {
    return activeGuard(this.#stored(), nowMs);
  }

  leftMs(nowMs: number): number {
    return guardedForMs(this.#stored(), nowMs);
  }

  set(request: GuardRequest, nowMs: number): void {
    this.#write.run(GUARD, guardToStore(this.#stored(), request, nowMs));
  }

  #stored(): string | undefined {
    const value = this.#read.get(GUARD)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }
}
