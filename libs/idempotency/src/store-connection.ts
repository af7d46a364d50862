import { isObject } from '@bookings/domain';
import { Purge } from './purge.ts';
import { readOrCreateSecret } from './secret-file.ts';
import type { IdempotencyStore } from './store.ts';
import { StoreSecret } from './store-secret.ts';
import { openStore } from './stores/open-store.ts';

export interface StoreOptions {
  /** `sqlite:PATH` or `postgres://…` */
  readonly url: string;
  /** When undefined, the secret is in a file beside the SQLite file. */
  readonly secret: string | undefined;
  /** The secret before the last rotation. */
  readonly previousSecret: string | undefined;
}

/**
 * What the process that serves does with its store. A command has none of it: it may run with another
 * retention, and must not delete keys that the process still promises.
 */
export interface Serving {
  /** How long finished keys are kept. Older ones are deleted while the store is open. */
  readonly retentionMs: number;
  /** Runs before anything else uses the store. */
  readonly onOpen?: (open: OpenStore) => Promise<void>;
}

/** An open store, and what its digests and responses are made with. */
export interface OpenStore {
  readonly store: IdempotencyStore;
  readonly secret: StoreSecret;
}

const SQLITE = 'sqlite:';
/** Requests within this time after a failure get the same error. */
const RETRY_PAUSE_MS = 1000;

/** Opens the store once, when it is first needed, and tries again after a failure. */
export class StoreConnection {
  #opening: Promise<OpenStore> | undefined;
  #current: OpenStore | undefined;
  #purge: Purge | undefined;
  #closed = false;

  /** @param serving undefined for a command */
  constructor(
    private readonly options: StoreOptions,
    private readonly serving?: Serving,
  ) {}

  /** The store, if it is open. */
  get current(): OpenStore | undefined {
    return this.#current;
  }

  /**
   * @throws StoreUnusable when the store is of a later release or of another secret
   * @throws Error when the store cannot be reached or created
   */
  connect(): Promise<OpenStore> {
    if (this.#closed) return Promise.reject(new Error('the store has been closed'));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Returns undefined when the store can be written, otherwise the reason for `/readyz`. The reason
   * does not say where the store is; the log does.
   */
  async unavailable(): Promise<string | undefined> {
    const prefix = 'creates with an Idempotency-Key are refused';
    try {
      const { store } = await this.connect();
      const reason = await store.unavailable();
      return reason === undefined ? undefined : `${prefix}: the store cannot be used`;
    } catch (error) {
      const code =
        isObject(error) && typeof error['code'] === 'string' ? ` (${error['code']})` : '';
      return `${prefix}: the store cannot be opened${code}`;
    }
  }

  /**
   * Copies the store to a new file, also while processes use it.
   *
   * @throws TypeError when the store is not SQLite
   */
  async backUp(file: string): Promise<void> {
    const { url } = this.options;
    if (!url.startsWith(SQLITE)) {
      throw new TypeError('only SQLite is copied to a file: use pg_dump for PostgreSQL');
    }
    const { backUpSqlite } = await import('./stores/sqlite/sqlite-backup.ts');
    await backUpSqlite(url.slice(SQLITE.length), file);
  }

  /**
   * Checks that `connect` would succeed with PostgreSQL, and changes nothing.
   *
   * @throws TypeError when the store is not PostgreSQL; otherwise as `connect` does
   */
  async check(): Promise<void> {
    const { url, secret, previousSecret } = this.options;
    if (secret === undefined) throw new TypeError('a PostgreSQL store has a secret');
    const { PostgresStore } = await import('./stores/postgres/postgres-store.ts');
    await PostgresStore.check(url, { secrets: { current: secret, previous: previousSecret } });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = await this.#opening?.catch(() => undefined);
    await this.#purge?.close();
    await open?.store.close();
  }

  async #open(): Promise<OpenStore> {
    try {
      const open = await openWithSecret(this.options);
      await this.serving?.onOpen?.(open).catch(async (error: unknown) => {
        await open.store.close();
        throw error;
      });
      this.#current = open;
      if (this.serving) this.#purge = new Purge(open.store, this.serving.retentionMs);
      return open;
    } catch (error) {
      setTimeout(() => (this.#opening = undefined), RETRY_PAUSE_MS).unref();
      throw error;
    }
  }
}

async function openWithSecret(options: StoreOptions): Promise<OpenStore> {
  const { url } = options;
  const current = options.secret ?? (await readOrCreateSecret(url.slice(SQLITE.length)));
  const store = await openStore(url, {
    secrets: { current, previous: options.previousSecret },
  });
  return { store, secret: new StoreSecret(store.dataKey) };
}
