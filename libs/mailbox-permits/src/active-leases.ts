import { withoutEnded } from './held-permits.ts';
import type { Given, MailboxLease } from './mailbox-lease.ts';
import type { PermitRow, WantedPermits } from './rows.ts';

/** How long a permit is kept that no request uses. */
const KEEP_MS = 10_000;

/** A permit that is to be given up, with its mailbox. */
export type GivenRow = Given & { readonly mailbox: string };

export function toRow({ mailbox, permit: { slot, fence } }: GivenRow): PermitRow {
  return { mailbox, slot, fence };
}

/** The leases of a process that hold or need something. */
export class ActiveLeases {
  readonly #leases = new Map<string, MailboxLease>();
  readonly #byDigest = new Map<string, MailboxLease>();

  /** @param digest how a mailbox is named in the rows */
  constructor(private readonly digest: (mailbox: string) => string) {}

  get all(): readonly MailboxLease[] {
    return [...this.#leases.values()];
  }

  get size(): number {
    return this.#leases.size;
  }

  add(lease: MailboxLease): void {
    this.#leases.set(lease.mailbox, lease);
  }

  /** @param digest of the mailbox */
  find(digest: string): MailboxLease | undefined {
    return this.#byDigest.get(digest);
  }

  digestOf(lease: MailboxLease): string {
    const digest = this.digest(lease.mailbox);
    this.#byDigest.set(digest, lease);
    return digest;
  }

  /** Permits of all mailboxes whose lease has not ended. */
  held(nowMs: number): number {
    return this.all.reduce((sum, lease) => sum + lease.held(nowMs), 0);
  }

  rows(): PermitRow[] {
    return this.all.flatMap((lease) => this.#rowsOf(lease, lease.holding.permits));
  }

  /** Permits that no request uses. */
  idleRows(nowMs: number): PermitRow[] {
    return this.all.flatMap((lease) => this.#rowsOf(lease, lease.idle(nowMs)));
  }

  waiting(): WantedPermits[] {
    return this.all
      .filter(({ isWaiting }) => isWaiting)
      .map((lease) => ({ mailbox: this.digestOf(lease), wanted: lease.wanted }));
  }

  /** What the lease gives up for others. */
  handOver(lease: MailboxLease, nowMs: number): GivenRow[] {
    const mailbox = this.digestOf(lease);
    return lease.handOver(nowMs).map((given) => ({ ...given, mailbox }));
  }

  /** Forgets leases that hold and need nothing. @returns permits that were not used for a while */
  dropUnused(nowMs: number): GivenRow[] {
    return this.all.flatMap((lease) => {
      const mailbox = this.digestOf(lease);
      lease.holding = withoutEnded(lease.holding, nowMs);
      const isUnused = lease.wanted === 0 && nowMs - lease.usedAtMs >= KEEP_MS;
      const unused = isUnused ? lease.idle(nowMs) : [];
      lease.drop(unused);
      if (lease.isIdle) {
        this.#leases.delete(lease.mailbox);
        this.#byDigest.delete(mailbox);
      }
      return unused.map((permit) => ({ permit, to: undefined, mailbox }));
    });
  }

  /** Forgets leases that hold and need nothing, while no statement succeeds that gives permits up. */
  forgetIdle(nowMs: number): void {
    for (const lease of this.all) {
      lease.holding = withoutEnded(lease.holding, nowMs);
      if (lease.isIdle) this.#leases.delete(lease.mailbox);
    }
    for (const [digest, { mailbox }] of this.#byDigest) {
      if (!this.#leases.has(mailbox)) this.#byDigest.delete(digest);
    }
  }

  #rowsOf(lease: MailboxLease, permits: MailboxLease['holding']['permits']): PermitRow[] {
    const mailbox = this.digestOf(lease);
    return permits.map(({ slot, fence }) => ({ mailbox, slot, fence }));
  }
}
