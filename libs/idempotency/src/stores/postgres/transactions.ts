import pg, { type ClientBase, type PoolConfig } from 'pg';

/** Errors after which nothing has changed and a retry may succeed (PostgreSQL, appendix A). */
const RETRYABLE = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation: a concurrent insert, visible to the retry
]);
const MAX_ATTEMPTS = 5;

/** Requests have deadlines of their own. These limits are for a server that does not respond. */
const LIMITS: PoolConfig = {
  max: 8,
  connectionTimeoutMillis: 2000,
  idleTimeoutMillis: 30_000,
  // A limit on the client's side, for a lost connection.
  query_timeout: 3000,
  keepAlive: true,
};

/**
 * Each transaction has its own settings. A pooler in transaction mode shares a connection among
 * clients, so that settings of the session, startup parameters and named statements do not work.
 *
 * Locking depends on the isolation level, and what was acknowledged on `synchronous_commit`.
 */
const BEGIN = [
  'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
  'SET LOCAL statement_timeout = 2000',
  // Frees the locks of a process that hangs.
  'SET LOCAL idle_in_transaction_session_timeout = 5000',
  `SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'`,
].join('; ');

/** A connection pool with retries of transactions that conflict. */
export class Transactions {
  readonly #pool: pg.Pool;
  #ended: Promise<void> | undefined;

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ ...LIMITS, connectionString });
    // Without listeners a lost connection would end the process. The pool replaces idle ones; on
    // others the next statement fails.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Resolves when the changes of `work` are durable. Repeats `work` after a conflict.
   *
   * @param lock an advisory lock, held until the end of the transaction
   */
  async run<T>(work: (client: ClientBase) => Promise<T>, lock?: bigint): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(work, lock);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isConflict(error)) throw error;
      }
    }
  }

  async end(): Promise<void> {
    await (this.#ended ??= this.#pool.end());
  }

  async #once<T>(work: (client: ClientBase) => Promise<T>, lock?: bigint): Promise<T> {
    const client = await this.#pool.connect();
    try {
      // One round trip. The lock is a bigint, so this is not open to SQL injection.
      const locked = lock === undefined ? '' : `; SELECT pg_advisory_xact_lock(${lock})`;
      await client.query(BEGIN + locked);
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      client.release(!(await rolledBack(client, error)));
      throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && RETRYABLE.has(error.code ?? '');
}

/** Whether the connection can be used again. */
async function rolledBack(client: ClientBase, error: unknown): Promise<boolean> {
  // After any other error, for example a timeout, the state of the connection is unknown.
  if (!(error instanceof pg.DatabaseError)) return false;
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
