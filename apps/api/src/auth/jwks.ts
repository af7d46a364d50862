import { performance } from 'node:perf_hooks';
import { KeySetFault, fetchKeySet } from './key-set-source.ts';
import type { SigningKey } from './signing-keys.ts';

/** The key set is fetched for an unknown key id at most this often. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** How long a withdrawn key may stay in use. */
const REFRESH_MS = 600_000;
const FIRST_RETRY_MS = 500;
/** How long keys stay in use while the key set is unreachable. The issuer may have withdrawn them. */
const MAX_AGE_MS = 86_400_000;

/** The key set cannot be read, so an unknown key cannot be judged. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';

  /** The message is for callers: it has the reason of a `KeySetFault`, which names no address. */
  constructor(cause: Error) {
    const reason = cause instanceof KeySetFault ? `: ${cause.message}` : '';
    super(`the key set of its issuer cannot be read${reason}`, { cause });
  }
}

/** Told when the keys, or whether they can be fetched, have changed. */
export interface KeySetObserver {
  /** The key set has changed or its keys have expired. */
  changed(): void;
  /** The first failure, and each failure for another reason. */
  failed(fault: Error): void;
  /** The first success after a failure. */
  recovered(): void;
}

/**
 * The issuers' signing keys, by key id. Fetched at the start, every ten minutes and for an unknown
 * key. Known keys stay in use for a day while the key set is unreachable.
 */
export class KeySet {
  #keys: ReadonlyMap<string, SigningKey> = new Map<string, SigningKey>();
  #fetchedAtMs = -Infinity;
  #fetching: Promise<void> | undefined;
  /** Why the last fetch failed; undefined after a success and before the first answer. */
  #failed: Error | undefined;
  #unknownKeyFetchAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;
  #lastText = '';

  constructor(
    private readonly url: string,
    private readonly observer: KeySetObserver,
  ) {
    void this.#refresh();
  }

  /**
   * @returns undefined for a key that is not in the key set
   * @throws KeySetUnavailable when the key is unknown and the key set cannot be read
   */
  async find(keyId: string): Promise<SigningKey | undefined> {
    this.expireKeys();
    return this.#keys.get(keyId) ?? this.#findUnknown(keyId);
  }

  /** Removes keys that could not be fetched again for a day. */
  expireKeys(): void {
    if (this.#keys.size === 0) return;
    if (performance.now() - this.#fetchedAtMs < MAX_AGE_MS) return;
    this.#keys = new Map();
    this.observer.changed();
  }

  async #findUnknown(keyId: string): Promise<SigningKey | undefined> {
    if (this.#fetching) await this.#fetching;
    else if (performance.now() - this.#unknownKeyFetchAtMs >= UNKNOWN_KEY_COOLDOWN_MS) {
      this.#unknownKeyFetchAtMs = performance.now();
      await this.#refresh();
    }
    const found = this.#keys.get(keyId);
    if (found || this.#failed === undefined) return found;
    throw new KeySetUnavailable(this.#failed);
  }

  /** Undefined when there are keys, otherwise the reason why not. */
  async unavailable(): Promise<string | undefined> {
    this.expireKeys();
    // A known reason says more than "not in time".
    if (this.#keys.size === 0 && !this.#failed) await this.#fetching;
    if (this.#keys.size > 0) return undefined;
    return `the key set of the token issuers cannot be read: ${this.#failed?.message ?? ''}`;
  }

  /** How long ago the keys were fetched; undefined before they were. */
  get ageMs(): number | undefined {
    const ageMs = performance.now() - this.#fetchedAtMs;
    return ageMs === Infinity ? undefined : ageMs;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Runs one fetch at a time and schedules the next one. Never rejects. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetch()
      .then(() => {
        if (this.#failed) this.observer.recovered();
        this.#failed = undefined;
        this.#retryMs = FIRST_RETRY_MS;
        this.#schedule(REFRESH_MS);
      })
      .catch((error: unknown) => {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
        this.#schedule(this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, UNKNOWN_KEY_COOLDOWN_MS);
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }

  #fail(fault: Error): void {
    if (fault.message !== this.#failed?.message) this.observer.failed(fault);
    this.#failed = fault;
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#refresh(), delayMs).unref();
  }

  async #fetch(): Promise<void> {
    const { text, keys } = await fetchKeySet(this.url);
    this.#keys = keys;
    this.#fetchedAtMs = performance.now();
    if (this.#lastText !== text) this.observer.changed();
    this.#lastText = text;
  }
}
