import type { BookingCustomer, UpstreamRequest } from '@bookings/domain';
import type { ClientDisconnect } from './client-disconnect.ts';
import type { CreateResponse } from './response-codec.ts';
import type { OpenStore } from './store-connection.ts';

/** A create with an Idempotency-Key. */
export interface IdempotentCreate {
  readonly business: string;
  readonly customer: BookingCustomer;
  readonly idempotencyKey: string;
  readonly request: UpstreamRequest;
}

/** A create in progress. */
export interface RunningCreate extends IdempotentCreate, OpenStore {
  /** The digest of the Idempotency-Key. */
  readonly key: string;
  readonly fingerprint: string;
  readonly disconnect: ClientDisconnect;
}

/** A 201 response, and how the create arrived at it. */
export interface IdempotentResponse extends CreateResponse {
  readonly outcome: 'created' | 'adopted' | 'replayed';
}
