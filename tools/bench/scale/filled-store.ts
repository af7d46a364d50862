import { closeSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** A transaction of a million would leave a log of its size behind. */
const BATCH = 100_000;

/**
 * Adds finished records to the SQLite file of a proxy that has started and has nothing to do: each in
 * the shape of a remembered create, with an answer of 1,000 bytes, changed now.
 */
export function fillStore(path: string, records: number): void {
  using database = new DatabaseSync(path, { timeout: 60_000 });
  // What a fall of the power would take is filled again; the indices are in memory meanwhile.
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  const insert = database.prepare(
    `WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
     INSERT INTO idempotency_keys (key, state, fence, content, lease_until_ms, ever_unknown,
       sent_at_ms, abandoned_at_ms, customer, answer, changed_at_ms)
     SELECT hex(randomblob(22)), 'done', 1, hex(randomblob(22)), ?, 0, ?, NULL,
       hex(randomblob(22)), randomblob(1000), ? FROM series`,
  );
  for (let left = records; left > 0; left -= BATCH) {
    const nowMs = Date.now();
    insert.run(Math.min(left, BATCH), nowMs, nowMs, nowMs);
  }
  // What the filling has left to be written is not the measurement's to wait for.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}
