import { performance } from 'node:perf_hooks';
import type { KeyEvent } from './transition.ts';
import type { IdempotencyStore } from './store.ts';

/**
 * A lease outlives the deadline of its request by so much. An attempt ends with the deadline at the
 * latest, so that nobody takes the key over as long as one may be under way.
 */
const LEASE_MARGIN_MS = 5000;

/** How long a claim or an attempt that begins now may hold its key. */
export function leaseMs(deadlineAtMs: number): number {
  return Math.ceil(Math.max(0, deadlineAtMs - performance.now())) + LEASE_MARGIN_MS;
}

/** What became of an event: `moved`, or nothing was changed. */
export type Moved = 'moved' | 'lost' | 'owned';

/** A key that this request holds, for as long as its fencing number is the last. */
export class LeasedKey {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly key: string,
    private readonly fence: number,
  ) {}

  /**
   * To be durable before the first byte of an attempt.
   *
   * @throws Error when the store cannot be used; the attempt must not be made then
   */
  send(deadlineAtMs: number): Promise<Moved> {
    return this.#move({ kind: 'send', fence: this.fence, leaseMs: leaseMs(deadlineAtMs) });
  }

  /** @throws Error when the store cannot be used; the lease will run out, and the end be unknown */
  done(customer: string, answer: Uint8Array): Promise<Moved> {
    return this.#move({ kind: 'done', fence: this.fence, customer, answer });
  }

  /** Graph surely did nothing under this claim. Never rejects: else the lease runs out. */
  async release(): Promise<void> {
    await this.#move({ kind: 'release', fence: this.fence }).catch(() => undefined);
  }

  /** Nobody knows what Graph did. Never rejects: else the lease runs out, which says the same. */
  async abandon(): Promise<void> {
    await this.#move({ kind: 'abandon', fence: this.fence }).catch(() => undefined);
  }

  async #move(event: KeyEvent): Promise<Moved> {
    const { kind } = await this.store.apply(this.key, event);
    return kind === 'moved' || kind === 'owned' ? kind : 'lost';
  }
}
