import type { IdempotencyStore } from './store.ts';
import type { StoreSecret } from './store-secret.ts';

/** Where creates are remembered, and what makes of them what may be stored. */
export interface OpenStore {
  readonly store: IdempotencyStore;
  readonly secret: StoreSecret;
}
