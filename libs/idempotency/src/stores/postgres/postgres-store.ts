import { performance } from 'node:perf_hooks';
import type { ClientBase } from 'pg';
import type { StoreSecrets } from '../../data-key.ts';
import {
  type ForgottenSecret,
  IdempotencyStore,
  type StoreStatistics,
  StoreUnusable,
  type UnknownKey,
} from '../../store.ts';
import type { GuardRequest } from '../../guard.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { codeOf, StoreFailure } from '../store-failure.ts';
import { age, guard, GUARD_LOCK, known } from './postgres-guard.ts';
import { apply, lockOf } from './postgres-keys.ts';
import { owned, purge, statistics, unknownKeys } from './postgres-queries.ts';
import { ServerClock } from './server-clock.ts';
import { checkSchema, forgetSecret, MIGRATION_LOCK, prepareSchema } from './postgres-schema.ts';
import { Transactions } from './transactions.ts';

/** A PostgreSQL database, shared by all replicas. */
export class PostgresStore extends IdempotencyStore {
  readonly #transactions: Transactions;
  readonly #clock = new ServerClock();
  readonly #secret: string;
  override readonly dataKey: string;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(transactions: Transactions, secret: string, dataKey: string) {
    super();
    this.#transactions = transactions;
    this.#secret = secret;
    this.dataKey = dataKey;
  }

  /**
   * @param url a connection URI of libpq
   * @throws StoreUnusable when the database is of a later release, or no secret opens it
   * @throws Error when the database cannot be reached
   */
  static async open(
    url: string,
    { secrets }: { readonly secrets: StoreSecrets },
  ): Promise<PostgresStore> {
    const transactions = transactionsAt(url);
    try {
      const prepare = (client: ClientBase) => prepareSchema(client, secrets);
      const dataKey = await transactions.run(prepare, MIGRATION_LOCK);
      return new PostgresStore(transactions, secrets.current, dataKey);
    } catch (error) {
      await transactions.end();
      throw usable(error);
    }
  }

  /**
   * Checks that `open` would succeed, and changes nothing.
   *
   * @throws as `open` does
   */
  static async check(url: string, { secrets }: { readonly secrets: StoreSecrets }): Promise<void> {
    const transactions = transactionsAt(url);
    const rollBack = new Error('the check is done');
    try {
      await transactions.run(async (client) => {
        await checkSchema(client, secrets);
        throw rollBack;
      }, MIGRATION_LOCK);
    } catch (error) {
      if (error !== rollBack) throw usable(error);
    } finally {
      await transactions.end();
    }
  }

  override apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    const calledAtMs = performance.now();
    const work = (client: ClientBase) => apply(client, key, event, calledAtMs, this.#clock);
    return this.#run((transactions) => transactions.run(work, lockOf(event)));
  }

  override owned(customers: readonly string[]): Promise<readonly string[]> {
    return this.#transact((client) => owned(client, customers));
  }

  override purge(retentionMs: number, limit: number): Promise<number> {
    return this.#transact((client) => purge(client, retentionMs, limit, this.#clock));
  }

  override statistics(): Promise<StoreStatistics> {
    return this.#transact(statistics);
  }

  override unknownKeys(limit: number, key?: string): Promise<readonly UnknownKey[]> {
    return this.#transact((client) => unknownKeys(client, limit, key, this.#clock));
  }

  override age(): Promise<number | undefined> {
    return this.#transact(age);
  }

  override known(keys: readonly string[]): Promise<readonly string[]> {
    return this.#transact((client) => known(client, keys));
  }

  override guard(request: GuardRequest): Promise<void> {
    const calledAtMs = performance.now();
    const set = (client: ClientBase) => guard(client, request, calledAtMs);
    return this.#run((transactions) => transactions.run(set, GUARD_LOCK));
  }

  override forgetSecret(secret: string): Promise<ForgottenSecret> {
    const forget = (client: ClientBase) => forgetSecret(client, this.#secret, secret);
    return this.#run((transactions) => transactions.run(forget, MIGRATION_LOCK));
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
    const running = work(this.#transactions);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw usable(error);
    } finally {
      this.#running.delete(running);
    }
  }
}

function transactionsAt(url: string): Transactions {
  // The error of the driver would contain the password.
  if (!URL.canParse(url))
    throw new TypeError('the connection URI of the PostgreSQL store is not a URL');
  return new Transactions(url);
}

/** What a caller of the store gets for an error of the database. */
function usable(cause: unknown): Error {
  if (cause instanceof StoreUnusable) return cause;
  return new StoreFailure(reason(cause), codeOf(cause), { cause });
}

/** The error of Node has an empty message when it has tried several addresses. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
