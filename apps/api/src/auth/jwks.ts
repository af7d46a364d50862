import { performance } from 'node:perf_hooks';
import { fetchText } from './fetch-text.ts';
import { type SigningKey, signingKeysIn } from './signing-keys.ts';

/** The key set is fetched for an unknown key id at most this often. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** A key that the issuer withdraws is known here no longer than this. */
const REFRESH_MS = 600_000;
const FIRST_RETRY_MS = 500;
const FETCH_LIMITS = { timeoutMs: 5000, maxBytes: 1_048_576 };
/** What the issuer has withdrawn meanwhile must not be good for ever. */
const LONGEST_WITHOUT_FETCH_MS = 86_400_000;

/** The key set could not be reached, so nothing can be said about a key that is not known. */
export class KeySetUnreachable extends Error {
  override readonly name = 'KeySetUnreachable';
}

/**
 * The issuers' signing keys, by key id. Fetched at the start and every ten minutes, and for an
 * unknown key; known keys stay in use for a day while the set cannot be reached.
 */
export class KeySet {
  #keys: ReadonlyMap<string, SigningKey> = new Map<string, SigningKey>();
  #fetchedAtMs = -Infinity;
  #fetching: Promise<void> | undefined;
  #failed: unknown = new Error('not fetched yet');
  #askedForUnknownAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;
  #fingerprint = '';

  /** @param changed called whenever the set has changed, or its keys have ended */
  constructor(
    private readonly url: string,
    private readonly changed: () => void,
  ) {
    void this.#refresh();
  }

  /**
   * @returns undefined for a key that the set does not have
   * @throws KeySetUnreachable when the set might have it but cannot be asked
   */
  async find(keyId: string): Promise<SigningKey | undefined> {
    this.endOutdated();
    return this.#keys.get(keyId) ?? this.#findUnknown(keyId);
  }

  /** Ends the keys that could not be fetched again for a day, and with them what rests on them. */
  endOutdated(): void {
    if (this.#keys.size === 0) return;
    if (performance.now() - this.#fetchedAtMs < LONGEST_WITHOUT_FETCH_MS) return;
    this.#keys = new Map();
    this.changed();
  }

  async #findUnknown(keyId: string): Promise<SigningKey | undefined> {
    if (this.#fetching) await this.#fetching;
    else if (performance.now() - this.#askedForUnknownAtMs >= UNKNOWN_KEY_COOLDOWN_MS) {
      this.#askedForUnknownAtMs = performance.now();
      await this.#refresh();
    }
    const found = this.#keys.get(keyId);
    if (found || this.#failed === undefined) return found;
    throw new KeySetUnreachable('the key set cannot be reached', { cause: this.#failed });
  }

  /** Undefined when there are keys to verify tokens with, else the reason why not. */
  async unavailable(): Promise<string | undefined> {
    this.endOutdated();
    if (this.#keys.size === 0) await this.#fetching;
    return this.#keys.size > 0 ? undefined : 'the key set of the token issuers cannot be read';
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** One fetch at a time; it never fails, and the next one is planned when it ends. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetch()
      .then(() => {
        this.#failed = undefined;
        this.#retryMs = FIRST_RETRY_MS;
        this.#plan(REFRESH_MS);
      })
      .catch((error: unknown) => {
        this.#failed = error;
        this.#plan(this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, UNKNOWN_KEY_COOLDOWN_MS);
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }

  #plan(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#refresh(), delayMs).unref();
  }

  async #fetch(): Promise<void> {
    const text = await fetchText(this.url, FETCH_LIMITS);
    const keys = signingKeysIn(JSON.parse(text));
    if (keys.size === 0) throw new Error('the key set holds no RS256 signing key');
    this.#keys = keys;
    this.#fetchedAtMs = performance.now();
    if (this.#fingerprint !== text) this.changed();
    this.#fingerprint = text;
  }
}
