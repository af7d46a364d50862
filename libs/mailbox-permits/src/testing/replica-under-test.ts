import type { LearnedLimit, Permit } from '@bookings/graph-client';
import { LeasedPermits } from '../leased-permits.ts';
import type { MailboxLease } from '../mailbox-lease.ts';
import type { ModelDatabase } from './model-database.ts';

/** A process with permits of a database, and the requests to one mailbox. */
export class ReplicaUnderTest {
  readonly permits: LeasedPermits;
  readonly lease: MailboxLease;
  readonly #running: Permit[] = [];
  #waiting = 0;
  limit: number;
  pausedUntilMs: number | undefined;
  learned: LearnedLimit | undefined;

  constructor(
    private readonly database: ModelDatabase,
    readonly name: string,
  ) {
    const { times, concurrency } = database.limits;
    this.limit = concurrency;
    const rows = database.open(name, (event) => {
      this.permits.hear(event);
    });
    this.permits = new LeasedPermits(
      rows,
      { times, concurrency, replicas: concurrency },
      {
        statement: () => undefined,
        handedOver: () => undefined,
        modeChanged: () => undefined,
        polls: () => undefined,
      },
      database.clock,
    );
    this.lease = this.permits.of('m', {
      available: () => {
        this.#admit();
      },
      paused: (untilMs) => (this.pausedUntilMs = untilMs),
      learned: (learned) => (this.learned = learned),
    });
    this.permits.start();
  }

  get running(): number {
    return this.#running.length;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Requests that arrive. */
  ask(count: number): void {
    this.#waiting += count;
    this.#admit();
  }

  /** Waiting requests whose callers leave. */
  abort(count: number): void {
    this.#waiting = Math.max(0, this.#waiting - count);
    this.#admit();
  }

  /** Requests that end, the oldest first. */
  end(count = 1): void {
    const nowMs = this.database.clock.now();
    for (const permit of this.#running.splice(0, count)) permit.release(nowMs, nowMs);
    this.#admit();
  }

  #admit(): void {
    const nowMs = this.database.clock.now();
    while (this.#waiting > 0 && this.lease.hasFree(this.limit, nowMs)) {
      this.#waiting -= 1;
      this.#running.push(this.lease.take(this.limit, nowMs));
    }
    this.lease.demand(this.#running.length + this.#waiting, nowMs);
  }
}
