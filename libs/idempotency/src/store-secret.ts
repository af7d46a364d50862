import type { KeyObject } from 'node:crypto';
import { type Caller, foldBusinessId } from '@bookings/domain';
import { deriveDigestKey, deriveKey, digest, open, seal } from './sealing.ts';

/** The scope of an Idempotency-Key: two owners may use the same key. */
export interface KeyOwner {
  readonly caller: Caller;
  readonly business: string;
  readonly operation: string;
}

/**
 * Derives what may be stored. Digests are keyed, so a copy of the store does not help to guess their
 * input. Reading a response also takes the caller's Idempotency-Key, or the body of a create without
 * one. Neither is stored.
 */
export class StoreSecret {
  readonly #digestKey: KeyObject;

  /** @param secret the data key of the store */
  constructor(private readonly secret: string) {
    this.#digestKey = deriveDigestKey(secret);
  }

  /** Identifies an Idempotency-Key of one owner, in the store and in the audit. */
  keyDigest(owner: KeyOwner, idempotencyKey: string): string {
    return this.#digest('key', ...partsOf(owner), idempotencyKey);
  }

  /**
   * Identifies a create without an Idempotency-Key. It never equals the digest of a key.
   *
   * @param body canonical JSON
   * @param clientRequestId the caller's, if it sent one
   */
  unkeyedDigest(owner: KeyOwner, body: string, clientRequestId: string | undefined): string {
    const id = clientRequestId?.toLowerCase() ?? '';
    return this.#digest('unkeyed', ...partsOf(owner), body, id);
  }

  /**
   * Identifies creates of the same customer. `content` is an input of the digest: with another word,
   * it would not match the digests in existing stores.
   *
   * @param body canonical JSON
   */
  fingerprint(business: string, body: string): string {
    return this.#digest('content', foldBusinessId(business), body);
  }

  /** Names a mailbox in rows that processes share. @param business in any letter case */
  mailboxDigest(business: string): string {
    return this.#digest('mailbox', foldBusinessId(business));
  }

  customerDigest(business: string, id: string): string {
    return this.#digest('customer', foldBusinessId(business), id);
  }

  /** Two records have no such digest in common. */
  comparisonDigest(key: string, fingerprint: string, business: string, text: string): string {
    return this.#digest('comparison', key, fingerprint, foldBusinessId(business), text);
  }

  seal(key: string, sealingKey: string, plain: Buffer): Uint8Array {
    return seal(this.#sealKey(key, sealingKey), plain);
  }

  /** @throws Error when it was sealed under another key or secret, or was tampered with */
  open(key: string, sealingKey: string, sealed: Uint8Array): Buffer {
    return open(this.#sealKey(key, sealingKey), sealed);
  }

  #sealKey(key: string, sealingKey: string): KeyObject {
    // `answer` is an input of the derived key: with another word, stored responses could not be opened.
    return deriveKey(this.secret, `answer ${sealingKey}`, key);
  }

  #digest(...parts: readonly string[]): string {
    return digest(this.#digestKey, ...parts);
  }
}

/** What two owners differ in. */
export function partsOf({ caller, business, operation }: KeyOwner): readonly string[] {
  const { appId, tenantId, objectId, subject } = caller;
  // A subject never equals an object id. Applications have neither.
  const user = objectId ?? (subject === undefined ? '' : `sub ${subject}`);
  return [tenantId, appId, user, operation, foldBusinessId(business)];
}
