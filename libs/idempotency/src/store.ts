import { randomUUID } from 'node:crypto';
import type { RecordedCreate } from './comparisons.ts';
import type { GuardRequest } from './guard.ts';
import type { KeyEvent, KeyOutcome, PendingLookup, Revision } from './transition.ts';

const PROBE_MS = 10_000;

/** Cheap statistics for the metrics. Neither store can count all its records cheaply. */
export interface StoreStatistics {
  /** The number of keys whose outcome is unknown and that no request holds, and of damaged ones. */
  readonly unknown: number;
  /** How much longer the store is under guard; 0 when it is not. */
  readonly guardedForMs: number;
}

/** A key whose outcome is unknown and that no request holds, or whose record was damaged. */
export interface UnknownKey extends RecordedCreate {
  /** The digest of the key, as in the audit. */
  readonly key: string;
  readonly revision: Revision;
  /** What a lookup needs to know. Duplicates are not counted. */
  readonly lookup: PendingLookup;
  /** When the first attempt with an unknown outcome began, by the store's clock. */
  readonly sentAtMs: number;
  /** Whether an operator has named the customer. */
  readonly isResolved: boolean;
  /** Whether the record or its stored response was damaged. */
  readonly isDamaged: boolean;
}

/** What a secret was that is to be forgotten. */
export interface ForgottenSecret {
  /** The current secret, one that opened the store until now, or one that did not. */
  readonly was: 'current' | 'known' | 'unknown';
  /** Whether a third secret still opens the store. */
  readonly othersOpen: boolean;
}

/** The schema is of a later release, or the secret is another one. The store must not be used. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/**
 * Keeps the records of keys. A store applies events with `storeTransition`, atomically and durably
 * for all processes that share it, and by its own clock. It never holds two records with the same
 * fingerprint at once, and a customer belongs to at most one record.
 *
 * Methods reject when the store cannot be reached or written. The event may then be applied or not:
 * a lease that expires covers both cases.
 */
export abstract class IdempotencyStore {
  /** What digests and sealed responses are made with, see `StoreSecret`. */
  abstract readonly dataKey: string;

  /** @param key the digest of the caller's key, see `StoreSecret` */
  abstract apply(key: string, event: KeyEvent): Promise<KeyOutcome>;

  /** Returns those of the given customer digests that belong to a key. */
  abstract owned(customers: readonly string[]): Promise<readonly string[]>;

  /**
   * Deletes at most `limit` old records that no request holds: `done` and `free` ones after
   * `retentionMs`, unless a create of the same content has no outcome, the others after ten times as
   * long.
   *
   * @returns the number of deleted records
   */
  abstract purge(retentionMs: number, limit: number): Promise<number>;

  abstract statistics(): Promise<StoreStatistics>;

  /**
   * The `limit` oldest unknown keys.
   *
   * @param key returns this one alone, if it is unknown
   */
  abstract unknownKeys(limit: number, key?: string): Promise<readonly UnknownKey[]>;

  /**
   * Returns undefined when creates can be recorded, otherwise the reason. It acquires a key and
   * releases it, which leaves no record.
   */
  async unavailable(): Promise<string | undefined> {
    const key = `probe ${randomUUID()}`;
    try {
      const acquired = await this.apply(key, {
        kind: 'acquire',
        fingerprint: key,
        leaseMs: PROBE_MS,
      });
      if (acquired.kind === 'acquired') {
        // Under guard a key without a record has a past. That of a probe has none.
        await this.apply(key, { kind: 'release', fence: acquired.fence, nothingLost: true });
      }
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * How long ago a record last changed. Undefined when the store has no records, or its clock does
   * not tell. Ask before anything else, because other methods may move the clock on.
   */
  abstract age(): Promise<number | undefined>;

  /** Notes that this process sends creates, until `close`. */
  async beginServing(): Promise<void> {
    await Promise.resolve();
  }

  /**
   * How much longer a create without a record may run that another process has sent.
   *
   * @param createMs how long a create may run
   */
  othersMayRunForMs(createMs: number): number {
    return createMs;
  }

  /** Returns those of the given digests of keys that have a record. */
  abstract known(keys: readonly string[]): Promise<readonly string[]>;

  /** From now on, keys without a record are looked up, see `Guard`. */
  abstract guard(request: GuardRequest): Promise<void>;

  /** Ends that a secret opens the store. Keeps the secret that the store was opened with. */
  abstract forgetSecret(secret: string): Promise<ForgottenSecret>;

  abstract close(): Promise<void>;
}
