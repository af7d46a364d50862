/**
 * The stored record of one Idempotency-Key, or of a create without one. It holds digests and
 * ciphertext only: reading it takes the server's secret and the caller's own key.
 */
export interface KeyRecord {
  readonly state: KeyState;
  /**
   * A fencing token. Each lease takes a new one from a counter of the store, which never restarts.
   * Events with another one are rejected.
   */
  readonly fence: number;
  /** The digest of business and body. Records with the same fingerprint are duplicates. */
  readonly fingerprint: string;
  /** When the lease expires, while `reserved` or `sent`. When it ended, while `done`. */
  readonly leaseUntilMs: number;
  /** Whether the outcome of an attempt under this key was ever unknown. */
  readonly everUnknown: boolean;
  /** When the first attempt began that Graph may have carried out. */
  readonly sentAtMs: number | undefined;
  /** When the last attempt with an unknown outcome ended. The settling time counts from here. */
  readonly abandonedAtMs: number | undefined;
  /** Digests for lookups without the body, see `comparisons.ts`. Earlier releases leave none. */
  readonly comparisons?: string | undefined;
  /** The digest of the key's customer; while `unknown`, the one that an operator has named. */
  readonly customer: string | undefined;
  /** The response, encrypted with the caller's key. Undefined while `done` if it was damaged. */
  readonly response: Uint8Array | undefined;
  /** When the record last changed. */
  readonly changedAtMs: number;
}

/**
 * - `reserved`: a request holds the key and has sent nothing yet;
 * - `sent`: an attempt is in progress, or was when the process ended;
 * - `done`: the customer exists, and the response is stored;
 * - `free`: Graph did nothing. The key may be used again, also with another body;
 * - `unknown`: Graph may have created a customer.
 */
export type KeyState = 'reserved' | 'sent' | 'done' | 'free' | 'unknown';

/**
 * What is known of the attempt before a repeat without an Idempotency-Key. The times count from the
 * event, so that the store's clock applies.
 */
export interface EarlierAttempt {
  /** It began at most this long ago. */
  readonly beganAgoMs: number;
  /** It may run for this much longer. */
  readonly mayRunForMs: number;
  /** For how long a stored response answers later repeats. */
  readonly replayForMs: number;
}

/** What the lookup has shown that the guard of the store required. */
interface GuardFinding {
  /** No customer was lost, so the key has no past. */
  readonly nothingLost?: boolean;
}

/** Times are milliseconds of the store's clock. */
export type KeyEvent =
  /** A request wants the lease of the key. */
  | {
      readonly kind: 'acquire';
      readonly fingerprint: string;
      readonly leaseMs: number;
      readonly comparisons?: string;
      /** For a repeat without an Idempotency-Key: it must look up the customer in any case. */
      readonly earlier?: EarlierAttempt;
      /**
       * Whether a request of this process holds the key or a duplicate. No such lease ends before its
       * request does, whatever the clock shows.
       */
      readonly heldHere?: boolean;
    }
  /** An attempt begins. This must be durable before the first byte is written. */
  | ({
      readonly kind: 'send';
      readonly fence: number;
      readonly leaseMs: number;
    } & GuardFinding)
  /** The holder needs the lease for longer. */
  | { readonly kind: 'renew'; readonly fence: number; readonly leaseMs: number }
  /** The customer exists. */
  | {
      readonly kind: 'complete';
      readonly fence: number;
      readonly customer: string;
      readonly response: Uint8Array;
    }
  /** The holder is finished, and Graph did nothing under this lease. */
  | ({ readonly kind: 'release'; readonly fence: number } & GuardFinding)
  /** The holder is finished, and the outcome of its attempt is unknown. */
  | { readonly kind: 'abandon'; readonly fence: number }
  /** A create without an Idempotency-Key has ended, and its caller does not know how. */
  | ({
      readonly kind: 'lost';
      readonly fingerprint: string;
      readonly comparisons?: string;
    } & Omit<EarlierAttempt, 'mayRunForMs'>)
  /** The stored response of a done key cannot be opened. */
  | { readonly kind: 'discard'; readonly response: Uint8Array }
  /** An operator names the customer of an unknown or damaged key, or says that none was created. */
  | {
      readonly kind: 'resolve';
      readonly customer: string | undefined;
      /** What was decided holds for this revision of the record only. */
      readonly revision?: Revision;
    };

/** Tells a stored record from what becomes of it. */
export type Revision = Pick<KeyRecord, 'fence' | 'changedAtMs'>;

/** The result of an event. */
export type KeyOutcome =
  /** The request holds the key. If `lookup` is set, it must look up the customer before it sends. */
  | {
      readonly kind: 'acquired';
      readonly fence: number;
      readonly lookup: PendingLookup | undefined;
      /** Whether the lease of another request had expired. */
      readonly tookOver: boolean;
    }
  /** The create is done: send the stored response. */
  | { readonly kind: 'replay'; readonly response: Uint8Array }
  /** The record or its stored response is damaged. An operator must resolve the key. */
  | { readonly kind: 'damaged' }
  /** Another request holds the key or a duplicate of it, for at most `leftMs`. */
  | { readonly kind: 'in-progress'; readonly leftMs: number }
  /** The key was used with another body. */
  | { readonly kind: 'fingerprint-mismatch' }
  | { readonly kind: 'updated' }
  /** The lease has expired or another request holds the key, or there is nothing to resolve. */
  | { readonly kind: 'stale' }
  /** The customer belongs to another key. Nothing has changed. */
  | { readonly kind: 'owned-by-another' };

/** What a lookup needs to know. Times are of the store's clock, which shows `nowMs`. */
export interface PendingLookup {
  readonly sentAtMs: number;
  readonly abandonedAtMs: number;
  readonly nowMs: number;
  /** How many duplicates are unknown. Each may account for one more matching customer. */
  readonly unknownDuplicates: number;
  /** The digest of the customer that an operator has named. */
  readonly customer: string | undefined;
  /** Whether only the guard of the store requires the lookup. */
  readonly guarded: boolean;
}

/** What becomes of a record. */
export type Change = KeyRecord | 'deleted';

export interface Transition {
  /** Undefined when nothing changes. */
  readonly change?: Change;
  readonly outcome: KeyOutcome;
}

/** Whether the stored response was discarded, so that only an operator can tell the customer. */
export function isDamaged({ state, response }: KeyRecord): boolean {
  return state === 'done' && response === undefined;
}

/** Whether the record has a lease. It may have expired. */
export function isHeld({ state }: KeyRecord): boolean {
  return state === 'reserved' || state === 'sent';
}
