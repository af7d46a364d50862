import type { KeyEvent, KeyOutcome } from './transition.ts';

/**
 * What the store holds of unsettled business; for metrics and `/readyz`. How many records there are
 * is not among it: neither store could say without reading them all.
 */
export interface StoreFigures {
  /** Keys under which a customer may have been created, and nobody is at work to find out. */
  readonly unknown: number;
}

/** A key under which a customer may have been created, and nobody is at work to find out. */
export interface UnknownKey {
  /** Digest, as in the audit. */
  readonly key: string;
  /** When its first such attempt was begun, by the store's clock. */
  readonly sentAtMs: number;
  /** Whether an operator has said which customer it has created. */
  readonly isResolved: boolean;
}

/** The store's schema is from a later version, or its secret is another: nothing may be done with it. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/**
 * Where creates are remembered. Every event is applied by `transition`, atomically and durably over
 * all processes that share the store, by the store's own clock. Two records of the same content are
 * never held at once, and a customer belongs to one record at most, however many processes try.
 *
 * Methods reject when the store cannot be reached or written; nothing has changed then, or nobody
 * can know, which the lease takes care of.
 */
export abstract class IdempotencyStore {
  /** @param key digest of the caller's key, see `StoreSecret` */
  abstract apply(key: string, event: KeyEvent): Promise<KeyOutcome>;

  /** Which of these digests of customers belong to a key. */
  abstract owned(customers: readonly string[]): Promise<readonly string[]>;

  /**
   * Forgets at most `limit` records that nobody can ask for any more: settled ones after
   * `retentionMs`, unknown ones after ten times as long.
   *
   * @returns how many
   */
  abstract purge(retentionMs: number, limit: number): Promise<number>;

  abstract figures(): Promise<StoreFigures>;

  /** The `limit` oldest keys that are unknown. */
  abstract unknownKeys(limit: number): Promise<readonly UnknownKey[]>;

  /** Undefined when it can be written, else the reason why not, fit for `/readyz`. */
  abstract unavailable(): Promise<string | undefined>;

  abstract close(): Promise<void>;
}
