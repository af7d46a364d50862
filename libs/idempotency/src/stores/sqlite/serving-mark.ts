import type { DatabaseSync } from 'node:sqlite';

/** The name in the table `idempotency_meta`. The value identifies the process that serves. */
const SERVING = 'serving';

/** @returns whether another process has not ended its serving: it runs, or it was killed */
export function beginServing(database: DatabaseSync, process: string): boolean {
  const others = database.prepare('SELECT 1 FROM idempotency_meta WHERE name = ? AND value <> ?');
  const isTakeover = others.get(SERVING, process) !== undefined;
  database
    .prepare('INSERT OR REPLACE INTO idempotency_meta (name, value) VALUES (?, ?)')
    .run(SERVING, process);
  return isTakeover;
}

/** Leaves the mark of a process that has begun since. */
export function endServing(database: DatabaseSync, process: string): void {
  database
    .prepare('DELETE FROM idempotency_meta WHERE name = ? AND value = ?')
    .run(SERVING, process);
}
