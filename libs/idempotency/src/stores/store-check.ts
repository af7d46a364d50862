import type { StoreMeta } from '../data-key.ts';
import { StoreUnusable } from '../store.ts';

/**
 * Names in the table `idempotency_meta`. The version tells which releases may use the store: it only
 * grows with a change that an older release would not survive. The revision counts all changes.
 */
export const SCHEMA_VERSION = 'schema_version';
export const SCHEMA_REVISION = 'schema_revision';

/** Increase it only with a change of the schema that the releases before must not work with. */
const VERSION = 1;

/** What must be changed in a store, so that this release can use it. */
export interface SchemaUpgrade {
  readonly migrations: readonly string[];
  /** What must be stored afterwards. */
  readonly additions: StoreMeta;
}

/**
 * @param migrations all of them, in order
 * @throws StoreUnusable when only later releases may use the store
 */
export function schemaUpgrade(meta: StoreMeta, migrations: readonly string[]): SchemaUpgrade {
  const version = Number(meta.get(SCHEMA_VERSION) ?? 0);
  if (version > VERSION) {
    throw new StoreUnusable(
      `the store's schema is version ${version}, of a later release: this release supports versions up to ${VERSION}`,
    );
  }
  // The first releases had a version for each migration, and no revision.
  const revision = Number(meta.get(SCHEMA_REVISION) ?? version);
  const additions = new Map<string, string>();
  if (version < VERSION) additions.set(SCHEMA_VERSION, String(VERSION));
  if (revision < migrations.length) additions.set(SCHEMA_REVISION, String(migrations.length));
  return { migrations: migrations.slice(revision), additions };
}
