import type { LearnedLimit } from '@bookings/graph-client';
import type { Allowance } from './access.ts';
import type { PermitTimes } from './times.ts';

/** What a lease needs of the process that it belongs to. */
export interface LeaseOwner {
  readonly times: PermitTimes;
  readonly concurrency: number;
  allowance(nowMs: number): Allowance;
  /** Something changed that may need a statement. */
  changed(nowMs: number): void;
  /** Graph has asked for a pause, or taught a limit. */
  tell(untilMs: number | undefined, learned: LearnedLimit | undefined): void;
}
