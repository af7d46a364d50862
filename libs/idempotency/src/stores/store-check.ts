import { StoreUnusable } from '../store.ts';

/** Names in the table `idempotency_meta`. */
export const SCHEMA_VERSION = 'schema_version';
export const PROBED_AT_MS = 'probed_at_ms';

/** @throws StoreUnusable when the schema is of a later release */
export function checkVersion(found: number, known: number): void {
  if (found <= known) return;
  throw new StoreUnusable(
    `the store's schema is version ${found}, of a later release: this release supports versions up to ${known}`,
  );
}
