import {
  type Access,
  afterFailure,
  afterSuccess,
  type Allowance,
  allowanceAt,
  NO_ACCESS_YET,
  ownShare,
  usesOwnShare,
} from './access.ts';
import type { RowsReply } from './rows.ts';
import { leaseMs, type PermitTimes } from './times.ts';

/** How long after a statement that failed the next one is sent. */
const RETRY_MS = 1000;

export interface LeasedPermitsOptions {
  readonly times: PermitTimes;
  /** Permits of each mailbox, over all processes. */
  readonly concurrency: number;
  /** How many processes there are, at least. */
  readonly replicas: number;
}

/** How the process may use the mailboxes. */
export type PermitMode = 'shared' | 'recovering' | 'waiting' | 'own-share';

/** What a process may do, by what it knows of the database. */
export class DatabaseAccess {
  #access: Access = NO_ACCESS_YET;
  #processes = 1;

  constructor(private readonly options: LeasedPermitsOptions) {}

  /** What this process may have in flight without permits. */
  get share(): number {
    const { concurrency, replicas } = this.options;
    return ownShare(concurrency, Math.max(replicas, this.#processes));
  }

  allowance(nowMs: number): Allowance {
    return allowanceAt(this.#access, this.options.times, this.share, nowMs);
  }

  mode(nowMs: number): PermitMode {
    if (usesOwnShare(this.#access, this.options.times, nowMs)) return 'own-share';
    if (this.#access.failedAtMs !== undefined) return 'waiting';
    return nowMs < this.#access.recoveringUntilMs ? 'recovering' : 'shared';
  }

  /** Whether it is too early to try again. */
  mustWait(nowMs: number): boolean {
    const { failedAtMs, lastFailedSentAtMs } = this.#access;
    return failedAtMs !== undefined && nowMs < lastFailedSentAtMs + RETRY_MS;
  }

  /** When something changes without an event. */
  nextChangesMs(): number[] {
    const { failedAtMs, lastFailedSentAtMs, recoveringUntilMs } = this.#access;
    if (failedAtMs === undefined) return [recoveringUntilMs];
    return [lastFailedSentAtMs + RETRY_MS, failedAtMs + leaseMs(this.options.times)];
  }

  failed(sentAtMs: number, endedAtMs: number): void {
    this.#access = afterFailure(this.#access, sentAtMs, endedAtMs);
  }

  succeeded({ recoveringMs, processes }: RowsReply, nowMs: number): void {
    this.#access = afterSuccess(recoveringMs, nowMs);
    this.#processes = processes;
  }

  /** Another process has begun the recovery. */
  recovering(forMs: number, nowMs: number): void {
    const recoveringUntilMs = Math.max(this.#access.recoveringUntilMs, nowMs + forMs);
    this.#access = { ...this.#access, recoveringUntilMs };
  }
}
