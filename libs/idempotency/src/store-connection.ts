import { isObject } from '@bookings/domain';
import { openStore } from './stores/open-store.ts';
import { Purge } from './purge.ts';
import { secretBeside } from './secret-file.ts';
import type { OpenStore } from './open-store.ts';
import { StoreSecret } from './store-secret.ts';

export interface StoreOptions {
  /** `sqlite:PATH` or `postgres://…` */
  readonly url: string;
  /** Undefined: kept beside the SQLite file. */
  readonly secret: string | undefined;
  readonly retentionMs: number;
}

/** Whoever asks in vain so often is told what the last attempt came to. */
const PAUSE_MS = 1000;

/**
 * The state, opened once when it is needed. What cannot be opened now is tried again later: a
 * database may come back.
 */
export class StoreConnection {
  #opening: Promise<OpenStore> | undefined;
  #opened: OpenStore | undefined;
  #purge: Purge | undefined;
  #closed = false;

  constructor(private readonly options: StoreOptions) {}

  /** The state if it is open. */
  get opened(): OpenStore | undefined {
    return this.#opened;
  }

  /**
   * @throws StoreUnusable when the store is of a later release or of another secret
   * @throws Error when it cannot be reached or made
   */
  state(): Promise<OpenStore> {
    if (this.#closed) return Promise.reject(new Error('the store has been closed'));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Undefined when creates can be remembered, else the reason why not, fit for `/readyz`: what the
   * store is and where is for the log.
   */
  async unavailable(): Promise<string | undefined> {
    const prefix = 'creates with an Idempotency-Key are refused';
    try {
      const reason = await (await this.state()).store.unavailable();
      return reason === undefined ? undefined : `${prefix}: the store cannot be used`;
    } catch (error) {
      const code =
        isObject(error) && typeof error['code'] === 'string' ? ` (${error['code']})` : '';
      return `${prefix}: the store cannot be opened${code}`;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const state = await this.#opening?.catch(() => undefined);
    await this.#purge?.close();
    await state?.store.close();
  }

  async #open(): Promise<OpenStore> {
    try {
      const state = await open(this.options);
      this.#opened = state;
      this.#purge = new Purge(state.store, this.options.retentionMs);
      return state;
    } catch (error) {
      setTimeout(() => (this.#opening = undefined), PAUSE_MS).unref();
      throw error;
    }
  }
}

async function open({ url, secret }: StoreOptions): Promise<OpenStore> {
  const own = secret ?? (await secretBeside(url.slice('sqlite:'.length)));
  const stateSecret = new StoreSecret(own);
  const store = await openStore(url, { secretCheck: stateSecret.check });
  return { store, secret: stateSecret };
}
