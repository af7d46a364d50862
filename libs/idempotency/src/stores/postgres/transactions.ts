import pg, { type ClientBase, type PoolConfig, type QueryConfig } from 'pg';

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
  statement_timeout: 2000,
  // A limit on the client's side, for a lost connection.
  query_timeout: 3000,
  // Frees the locks of a process that hangs.
  idle_in_transaction_session_timeout: 5000,
  keepAlive: true,
  application_name: 'bookings-api',
};

/** Overrides the defaults of the database: locking and durability depend on these settings. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off'`;
/** The same settings for statements without BEGIN. */
const AUTOCOMMIT =
  'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE';

/** A connection pool with retries of transactions that conflict. */
export class Transactions {
  readonly #pool: pg.Pool;
  #ended: Promise<void> | undefined;

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ ...LIMITS, connectionString });
    // Without listeners a lost connection would end the process. The pool replaces idle ones; on
    // others the next statement fails.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      client.on('error', () => undefined);
      // Queued before the first statement, which fails as well when this fails.
      client.query(`${DURABLE}; ${AUTOCOMMIT}`).catch(() => undefined);
    });
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

  /**
   * Runs one statement without BEGIN. Resolves when its changes are durable.
   *
   * @returns whether it changed a row; false after a conflict
   */
  async changes(statement: QueryConfig): Promise<boolean> {
    const client = await this.#pool.connect();
    try {
      const { rowCount } = await client.query(statement);
      client.release();
      return rowCount === 1;
    } catch (error) {
      client.release(!(await rolledBack(client, error)));
      if (isConflict(error)) return false;
      throw error;
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
