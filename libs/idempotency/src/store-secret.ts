import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { type Caller, foldBusinessId } from '@bookings/domain';

/** The scope of an Idempotency-Key: two owners may use the same key. */
export interface KeyOwner {
  readonly caller: Caller;
  readonly business: string;
  readonly operation: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Derives what may be stored. Digests are keyed, so a copy of the store does not help to guess their
 * input. Reading a response also takes the caller's Idempotency-Key, or the body of a create without
 * one. Neither is stored.
 */
export class StoreSecret {
  readonly #digestKey: KeyObject;

  constructor(private readonly secret: string) {
    this.#digestKey = derived(secret, 'digest', '');
  }

  /** Identifies the secret without revealing it. A store keeps it to detect another secret. */
  get check(): string {
    return this.#digest('check');
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

  customerDigest(business: string, id: string): string {
    return this.#digest('customer', foldBusinessId(business), id);
  }

  seal(key: string, sealingKey: string, plain: Buffer): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey(key, sealingKey), nonce);
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error when it was sealed under another key or secret, or was tampered with */
  open(key: string, sealingKey: string, sealed: Uint8Array): Buffer {
    const bytes = Buffer.from(sealed);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#sealKey(key, sealingKey), nonce);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  }

  #sealKey(key: string, sealingKey: string): KeyObject {
    // `answer` is an input of the derived key: with another word, stored responses could not be opened.
    return derived(this.secret, `answer ${sealingKey}`, key);
  }

  // JSON keeps different lists of parts different.
  #digest(...parts: readonly string[]): string {
    return createHmac('sha256', this.#digestKey).update(JSON.stringify(parts)).digest('base64url');
  }
}

/** What two owners differ in. */
export function partsOf({ caller, business, operation }: KeyOwner): readonly string[] {
  const { appId, tenantId, objectId = '' } = caller;
  return [tenantId, appId, objectId, operation, foldBusinessId(business)];
}

function derived(secret: string, purpose: string, salt: string): KeyObject {
  const bytes = hkdfSync('sha256', secret, salt, `bookings-proxy ${purpose}`, 32);
  return createSecretKey(Buffer.from(bytes));
}
