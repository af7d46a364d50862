import type { UpstreamRequest } from '@bookings/domain';
import type { IdempotencyStore } from './store.ts';
import type { OpenStore } from './store-connection.ts';
import type { StoreSecret } from './store-secret.ts';

/** What a create needs of the open store. */
export interface CreateStore {
  readonly store: Pick<IdempotencyStore, 'apply' | 'owned' | 'othersMayRunForMs'>;
  readonly secret: StoreSecret;
}

/** Measures the events of one create as spans of its trace. */
export function tracedStore(open: OpenStore, { spans }: UpstreamRequest): CreateStore {
  if (!spans) return open;
  const { store, secret } = open;
  return {
    store: {
      apply: (key, event) => spans.storeEvent(event.kind, () => store.apply(key, event)),
      owned: (customers) => store.owned(customers),
      othersMayRunForMs: (createMs) => store.othersMayRunForMs(createMs),
    },
    secret,
  };
}
