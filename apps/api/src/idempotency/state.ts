import type { IdempotencyStore } from './idempotency-store.ts';
import type { StateSecret } from './state-secret.ts';

/** Where creates are remembered, and what makes of them what may be stored. */
export interface State {
  readonly store: IdempotencyStore;
  readonly secret: StateSecret;
}
