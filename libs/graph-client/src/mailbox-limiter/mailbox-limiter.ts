import { foldBusinessId } from '@bookings/domain';
import { type Clock, ELAPSED_TIME } from './clock.ts';
import { Mailbox, type MailboxOptions } from './mailbox.ts';
import { FixedPermits, type PermitSource } from './permits.ts';
import type { LimiterEvents, Occupancy, Place } from './place.ts';
import type { LimiterRequest } from './waiter.ts';

/** How many mailboxes are remembered, apart from those that are in use. */
const REMEMBERED = 1000;

/**
 * Limits the concurrent requests to each mailbox. Other requests wait in a bounded queue, in which
 * callers take turns. When the queue is full, the newest waiter of the caller with most waiters is
 * rejected. So is a request that cannot make its deadline.
 */
export class MailboxLimiter {
  readonly #mailboxes = new Map<string, Mailbox>();

  constructor(
    private readonly options: MailboxOptions,
    private readonly events: LimiterEvents,
    private readonly clock: Clock = ELAPSED_TIME,
    private readonly permits: PermitSource = new FixedPermits(options.concurrency),
  ) {}

  /**
   * Waits for a place at the mailbox.
   *
   * @param business compared without regard to letter case
   * @throws GraphError 429 when the queue is full or leaves no time, or Graph has asked for a pause;
   *   504 when the deadline passes
   */
  acquire(business: string, request: LimiterRequest): Promise<Place> {
    return this.#mailboxOf(foldBusinessId(business)).acquire(request);
  }

  occupancy(): Occupancy {
    const all = [...this.#mailboxes.values()];
    return {
      placesInUse: all.reduce((sum, { inUse }) => sum + inUse, 0),
      waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
      loweredLimits: all.filter(({ isLowered }) => isLowered).length,
    };
  }

  #mailboxOf(key: string): Mailbox {
    const known = this.#mailboxes.get(key);
    if (known) return known;
    if (this.#mailboxes.size >= REMEMBERED) this.#forgetIdle();
    const mailbox = new Mailbox(this.options, this.clock, this.events, (events) =>
      this.permits.of(key, events),
    );
    this.#mailboxes.set(key, mailbox);
    return mailbox;
  }

  /** Looks at the two oldest alone, which is enough: each call adds one mailbox. */
  #forgetIdle(): void {
    let looks = 2;
    for (const [key, mailbox] of this.#mailboxes) {
      this.#mailboxes.delete(key);
      // One in use is looked at again after the others.
      if (!mailbox.isIdle) this.#mailboxes.set(key, mailbox);
      looks -= 1;
      if (looks === 0) return;
    }
  }
}
