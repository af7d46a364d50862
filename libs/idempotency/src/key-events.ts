/**
 * What is remembered of one Idempotency-Key. Digests and ciphertext alone: nothing of a person, and
 * nothing that could be read without the server's secret and the caller's own key.
 */
export interface KeyRecord {
  readonly state: KeyState;
  /** Grows with every claim: who holds an older one has lost the key. */
  readonly fence: number;
  /** Digest of business and body: what makes two creates duplicates. */
  readonly content: string;
  /** While `reserved` or `sent`: until then nobody else may claim the key. */
  readonly leaseUntilMs: number;
  /** Whether an attempt under the key may ever have been carried out without our knowing. */
  readonly everUnknown: boolean;
  /** When the first attempt was begun that may have been carried out. */
  readonly sentAtMs: number | undefined;
  /** When the last attempt was given up whose end nobody knows; the settling time counts from it. */
  readonly abandonedAtMs: number | undefined;
  /** Digest of the customer that belongs to the key; while `unknown`, as an operator has said. */
  readonly customer: string | undefined;
  /** The answer, sealed under the caller's key. */
  readonly answer: Uint8Array | undefined;
}

/**
 * - `reserved`: claimed, nothing sent under this claim;
 * - `sent`: an attempt is under way, or was when the process ended;
 * - `done`: created, the answer is remembered;
 * - `free`: Graph surely did nothing; the key may be used again, with another body as well;
 * - `unknown`: Graph may have created a customer, and nobody knows.
 */
export type KeyState = 'reserved' | 'sent' | 'done' | 'free' | 'unknown';

/** All times are milliseconds of the store's clock. */
export type KeyEvent =
  /** Somebody asks under the key. */
  | { readonly kind: 'claim'; readonly content: string; readonly leaseMs: number }
  /** An attempt begins: to be durable before its first byte is written. */
  | { readonly kind: 'send'; readonly fence: number; readonly leaseMs: number }
  /** The holder goes on looking. */
  | { readonly kind: 'renew'; readonly fence: number; readonly leaseMs: number }
  /** The customer exists. */
  | {
      readonly kind: 'done';
      readonly fence: number;
      readonly customer: string;
      readonly answer: Uint8Array;
    }
  /** Graph surely did nothing under this claim. */
  | { readonly kind: 'release'; readonly fence: number }
  /** The attempt under way ended, and nobody knows how. */
  | { readonly kind: 'abandon'; readonly fence: number }
  /**
   * An operator says what became of an unknown key: the customer that it has created, which the next
   * question takes, or that it has created none.
   */
  | { readonly kind: 'resolve'; readonly customer: string | undefined };

/** What an event brought about. */
export type KeyOutcome =
  /** The claim holds. Without `look` send; with it look first. */
  | {
      readonly kind: 'claimed';
      readonly fence: number;
      readonly look: Look | undefined;
      /** Whether somebody else held the key, and did not end in time. */
      readonly tookOver: boolean;
    }
  | { readonly kind: 'replay'; readonly answer: Uint8Array }
  /** Somebody else holds the key, or a duplicate of it, for so long at most. */
  | { readonly kind: 'running'; readonly leftMs: number }
  | { readonly kind: 'another-body' }
  | { readonly kind: 'moved' }
  /** Somebody else has taken the key over, or the lease has run out: nothing was changed. */
  | { readonly kind: 'lost' }
  /** The customer belongs to another key already: nothing was changed. */
  | { readonly kind: 'owned' };

/** What a look-up must know. Times of the store's clock, with the time that is it now. */
export interface Look {
  readonly sentAtMs: number;
  readonly abandonedAtMs: number;
  readonly nowMs: number;
  /** How many other keys of the same content are unknown: so many more matches may be theirs. */
  readonly unsettledDuplicates: number;
  /** Digest of the customer that is the key's, where an operator has said so. */
  readonly customer: string | undefined;
}

export interface Transition {
  /** Undefined: nothing changes. */
  readonly record?: KeyRecord;
  readonly outcome: KeyOutcome;
}
