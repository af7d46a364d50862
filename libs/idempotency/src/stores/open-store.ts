import type { IdempotencyStore } from '../store.ts';

/**
 * @param url `sqlite:PATH` or `postgres://…`
 * @param options.secretCheck identifies the secret, see `StoreSecret`
 * @throws StoreUnusable when the store is of a later release or of another secret
 */
export async function openStore(
  url: string,
  options: { readonly secretCheck: string },
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
