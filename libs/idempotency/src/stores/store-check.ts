import { StoreUnusable } from '../store.ts';

/** Names in a store's table of what is true of it as a whole. */
export const SCHEMA_VERSION = 'schema_version';
export const SECRET_CHECK = 'secret_check';
export const PROBED_AT_MS = 'probed_at_ms';

/** @throws StoreUnusable when a later release has been here */
export function checkVersion(found: number, known: number): void {
  if (found <= known) return;
  throw new StoreUnusable(
    `the store's schema is version ${found}, of a later release: this one knows versions up to ${known}`,
  );
}

/** @throws StoreUnusable when the remembered answers could not be opened */
export function checkSecret(found: string, given: string): void {
  if (found === given) return;
  throw new StoreUnusable('the secret is not the one that this store was made with');
}
