import type { StoreSecrets } from '../data-key.ts';
import type { IdempotencyStore } from '../store.ts';

/**
 * @param url `sqlite:PATH` or `postgres://…`
 * @throws StoreUnusable when the store is of a later release, or no secret opens it
 * @throws Error when the store cannot be reached or created
 */
export async function openStore(
  url: string,
  options: { readonly secrets: StoreSecrets },
): Promise<IdempotencyStore> {
  // Imported on demand: one process needs only one driver.
  if (url.startsWith('sqlite:')) {
    const { SqliteStore } = await import('./sqlite/sqlite-store.ts');
    return SqliteStore.open(url.slice('sqlite:'.length), options);
  }
  if (/^postgres(ql)?:/.test(url)) {
    const { PostgresStore } = await import('./postgres/postgres-store.ts');
    return PostgresStore.open(url, options);
  }
  throw new TypeError('the URL of a store must be sqlite:PATH or postgres://…');
}
