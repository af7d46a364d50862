import type { OwnedIds } from './lookup.ts';
import type { CreateStore } from './traced-store.ts';

/** Asks the store which customers of a business belong to a key. */
export function ownedIdsIn({ store, secret }: CreateStore, business: string): OwnedIds {
  return async (ids) => {
    const digests = ids.map((id) => secret.customerDigest(business, id));
    const owned = new Set(await store.owned(digests));
    return new Set(ids.filter((_, index) => owned.has(digests[index] ?? '')));
  };
}
