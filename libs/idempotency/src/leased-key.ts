import { performance } from 'node:perf_hooks';
import type { IdempotencyStore } from './store.ts';
import type { KeyEvent } from './transition.ts';

/**
 * How long a lease outlives the deadline of its request. Attempts end with the deadline, so no
 * other request acquires the key during an attempt.
 */
const LEASE_MARGIN_MS = 5000;

/** The duration of a lease that begins now. */
export function leaseMs(deadlineAtMs: number): number {
  return Math.ceil(Math.max(0, deadlineAtMs - performance.now())) + LEASE_MARGIN_MS;
}

export type LeaseResult = 'updated' | 'stale' | 'owned-by-another';

/** The lease of a key. It is lost when another request acquires the key after the lease has expired. */
export class LeasedKey {
  #nothingLost = false;

  constructor(
    private readonly store: Pick<IdempotencyStore, 'apply'>,
    private readonly key: string,
    private readonly fence: number,
  ) {}

  /** The lookup that the guard of the store required has found no customer. */
  noteNothingLost(): void {
    this.#nothingLost = true;
  }

  /**
   * Records an attempt. Await it before the first byte is written.
   *
   * @throws Error when the store cannot be used; then the attempt must not be made
   */
  markSent(deadlineAtMs: number): Promise<LeaseResult> {
    return this.#apply({
      kind: 'send',
      fence: this.fence,
      leaseMs: leaseMs(deadlineAtMs),
      nothingLost: this.#nothingLost,
    });
  }

  /**
   * @param customer its digest
   * @param response encrypted
   * @throws Error when the store cannot be used; then the key becomes unknown when its lease expires
   */
  complete(customer: string, response: Uint8Array): Promise<LeaseResult> {
    return this.#apply({ kind: 'complete', fence: this.fence, customer, response });
  }

  /** Gives the lease back after Graph did nothing. Never rejects: the lease expires in any case. */
  async release(): Promise<void> {
    const { fence } = this;
    const release = { kind: 'release', fence, nothingLost: this.#nothingLost } as const;
    await this.#apply(release).catch(() => undefined);
  }

  /** Gives the lease back with an unknown outcome. Never rejects: an expiry has the same effect. */
  async abandon(): Promise<void> {
    await this.#apply({ kind: 'abandon', fence: this.fence }).catch(() => undefined);
  }

  async #apply(event: KeyEvent): Promise<LeaseResult> {
    const { kind } = await this.store.apply(this.key, event);
    return kind === 'updated' || kind === 'owned-by-another' ? kind : 'stale';
  }
}
