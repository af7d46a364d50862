import type { BookingCustomer, UpstreamRequest } from '@bookings/domain';
import type { ClientDisconnect } from './client-disconnect.ts';
import type { CreateResponse } from './response-codec.ts';
import type { CreateStore } from './traced-store.ts';

/** A create without an Idempotency-Key. */
export interface UnkeyedCreate {
  readonly business: string;
  readonly customer: BookingCustomer;
  /** The client-request-id that the caller has sent, if it has. */
  readonly callerRequestId: string | undefined;
  readonly request: UpstreamRequest;
}

/** A create that happens once: with an Idempotency-Key, or a repeat without one. */
export interface IdempotentCreate extends UnkeyedCreate {
  /** Undefined for a repeat without a key. */
  readonly idempotencyKey: string | undefined;
}

/** A create in progress. */
export interface RunningCreate extends IdempotentCreate, CreateStore {
  /** The digest of the Idempotency-Key, or of a create without one. */
  readonly key: string;
  /** The stored response is encrypted with it. It is not stored. */
  readonly sealingKey: string;
  readonly fingerprint: string;
  readonly disconnect: ClientDisconnect;
}

/** A 201 response, and how the create arrived at it. */
export interface IdempotentResponse extends CreateResponse {
  readonly outcome: 'created' | 'adopted' | 'replayed';
}
