import pg, { type ClientBase, type PoolConfig, type QueryConfig } from 'pg';

/** What surely changed nothing and may go well the next time (PostgreSQL, appendix A). */
const REPEATED = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation: somebody was faster, and what they wrote can be seen now
]);
const MOST_ATTEMPTS = 5;

/** One deadline per request is the caller's; these are for a server that does not answer at all. */
const LIMITS: PoolConfig = {
  max: 8,
  connectionTimeoutMillis: 2000,
  idleTimeoutMillis: 30_000,
  statement_timeout: 2000,
  // The same, where the server cannot say so any more.
  query_timeout: 3000,
  // Locks of a process that has stopped to answer must not stand in the way of the others.
  idle_in_transaction_session_timeout: 5000,
  keepAlive: true,
  application_name: 'bookings-api',
};

/** Whatever the database's defaults are: the locks and the durability are made for these. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off'`;
/** The same for statements that no BEGIN is sent for. */
const ALONE =
  'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE';

/** A few connections, made anew when they are lost, and the one way to use them. */
export class Transactions {
  readonly #pool: pg.Pool;
  #ended: Promise<void> | undefined;

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ ...LIMITS, connectionString });
    // A connection that is lost while nobody uses it is replaced when it is needed; one that is
    // lost in between two statements fails the next. Neither may end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      client.on('error', () => undefined);
      // Ahead of whatever it is got for, which fails as well where this does.
      client.query(`${DURABLE}; ${ALONE}`).catch(() => undefined);
    });
  }

  /**
   * Resolves when what `work` did is on the disk; `work` is done again where it met with another.
   *
   * @param lock who asks for the same number waits until the other's transaction has ended
   */
  async run<T>(work: (client: ClientBase) => Promise<T>, lock?: bigint): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(work, lock);
      } catch (error) {
        if (attempt >= MOST_ATTEMPTS || !metAnother(error)) throw error;
      }
    }
  }

  /**
   * Resolves when a statement, which is a transaction by itself, is on the disk.
   *
   * @returns whether it changed a row; one that met with another surely did not
   */
  async changes(statement: QueryConfig): Promise<boolean> {
    const client = await this.#pool.connect();
    try {
      const { rowCount } = await client.query(statement);
      client.release();
      return rowCount === 1;
    } catch (error) {
      client.release(!(await rolledBack(client, error)));
      if (metAnother(error)) return false;
      throw error;
    }
  }

  async end(): Promise<void> {
    await (this.#ended ??= this.#pool.end());
  }

  async #once<T>(work: (client: ClientBase) => Promise<T>, lock?: bigint): Promise<T> {
    const client = await this.#pool.connect();
    try {
      // One way to the server and back; the lock is a number, and nobody's text.
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

function metAnother(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REPEATED.has(error.code ?? '');
}

/** Whether the connection can be used again. After silence or nonsense nobody knows. */
async function rolledBack(client: ClientBase, error: unknown): Promise<boolean> {
  // An error of the program's leaves the connection as sound as one that the server names.
  if (!(error instanceof pg.DatabaseError)) return false;
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
