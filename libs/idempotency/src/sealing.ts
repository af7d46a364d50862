// The worker thread of the SQLite store loads this file by stripping types.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derives a key of 256 bits from a secret (HKDF, RFC 5869). */
export function deriveKey(secret: string, purpose: string, salt: string): KeyObject {
  const bytes = hkdfSync('sha256', secret, salt, `bookings-proxy ${purpose}`, 32);
  return createSecretKey(Buffer.from(bytes));
}

export function deriveDigestKey(secret: string): KeyObject {
  return deriveKey(secret, 'digest', '');
}

// JSON keeps different lists of parts different.
export function digest(key: KeyObject, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}

/** Identifies a secret without revealing it. */
export function secretCheck(secret: string): string {
  return digest(deriveDigestKey(secret), 'check');
}

export function seal(key: KeyObject, plain: Buffer): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was sealed with another key, or was tampered with */
export function open(key: KeyObject, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]);
}
