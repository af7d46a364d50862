import type { Guard } from './guard.ts';
import type { StoreTime } from './store-time.ts';

/** What a transition depends on, besides the record and the event. */
export interface TransitionContext {
  readonly time: StoreTime;
  /** For `acquire`: how many other records with the same fingerprint are unknown. */
  readonly unknownDuplicates: number;
  /** For `acquire`: the fence of the next lease. */
  readonly nextFence: number;
  /** For `acquire`: the guard of the store, unless it has ended. */
  readonly guard?: Guard | undefined;
}
