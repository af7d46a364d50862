import type { ClientBase } from 'pg';
import {
  IdempotencyStore,
  type StoreStatistics,
  StoreUnusable,
  type UnknownKey,
} from '../../store.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { apply, statistics, lockOf, owned, purge, unknownKeys } from './postgres-keys.ts';
import { MIGRATION_LOCK, prepareSchema, probe } from './postgres-schema.ts';
import { Transactions } from './transactions.ts';

/** A PostgreSQL database, shared by all replicas. */
export class PostgresStore extends IdempotencyStore {
  readonly #transactions: Transactions;
  readonly #secretCheck: string;
  #prepared = false;
  #preparing: Promise<void> | undefined;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(url: string, secretCheck: string) {
    super();
    this.#transactions = new Transactions(url);
    this.#secretCheck = secretCheck;
  }

  /**
   * Also resolves when the database cannot be reached. The schema is then prepared before the first
   * command that reaches it.
   *
   * @param url a connection URI of libpq
   * @param options.secretCheck identifies the secret, see `StoreSecret`
   * @throws StoreUnusable when the database is of a later release or of another secret
   */
  static async open(url: string, { secretCheck }: { secretCheck: string }): Promise<PostgresStore> {
    // The error of the driver would contain the password.
    if (!URL.canParse(url))
      throw new TypeError('the connection URI of the PostgreSQL store is not a URL');
    const store = new PostgresStore(url, secretCheck);
    try {
      await store.#prepare();
    } catch (error) {
      if (error instanceof StoreUnusable) {
        await store.close();
        throw error;
      }
    }
    return store;
  }

  override apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    return this.#run((transactions) =>
      transactions.run((client) => apply(client, key, event), lockOf(event)),
    );
  }

  override owned(customers: readonly string[]): Promise<readonly string[]> {
    return this.#transact((client) => owned(client, customers));
  }

  override purge(retentionMs: number, limit: number): Promise<number> {
    return this.#transact((client) => purge(client, retentionMs, limit));
  }

  override statistics(): Promise<StoreStatistics> {
    return this.#transact(statistics);
  }

  override unknownKeys(limit: number): Promise<readonly UnknownKey[]> {
    return this.#transact((client) => unknownKeys(client, limit));
  }

  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#transact(probe);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  override async close(): Promise<void> {
    this.#closed = true;
    // An ended pool rejects requests that still wait for a connection.
    await Promise.allSettled(this.#running);
    await this.#transactions.end();
  }

  #transact<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return this.#run((transactions) => transactions.run(work));
  }

  async #run<T>(work: (transactions: Transactions) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the store has been closed');
    const running = this.#runNow(work);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #runNow<T>(work: (transactions: Transactions) => Promise<T>): Promise<T> {
    try {
      if (!this.#prepared) await this.#prepare();
      return await work(this.#transactions);
    } catch (cause) {
      if (cause instanceof StoreUnusable) throw cause;
      throw new Error(`the store cannot be used: ${reason(cause)}`, { cause });
    }
  }

  /** Concurrent calls share one preparation. */
  #prepare(): Promise<void> {
    this.#preparing ??= this.#prepareOnce().finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  async #prepareOnce(): Promise<void> {
    const prepare = (client: ClientBase) => prepareSchema(client, this.#secretCheck);
    await this.#transactions.run(prepare, MIGRATION_LOCK);
    this.#prepared = true;
  }
}

/** The error of Node has an empty message when it has tried several addresses. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
