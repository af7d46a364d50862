import { createHash } from 'node:crypto';
import type { BookingCustomer } from '@bookings/domain';
import { canonicalJson } from './canonical-json.ts';
import type { IdempotentCreate, RunningCreate, UnkeyedCreate } from './idempotent-create.ts';
import { type KeyOwner, type StoreSecret, partsOf } from './store-secret.ts';

/** How the store identifies a create. */
export type Identity = Pick<RunningCreate, 'key' | 'sealingKey' | 'fingerprint'>;

/**
 * Identifies a create by its Idempotency-Key. Without one, it is identified by its caller, business
 * and body, and by the caller's client-request-id if there is one.
 */
export function identify(create: IdempotentCreate, secret: StoreSecret): Identity {
  const { business, idempotencyKey, callerRequestId } = create;
  const owner = ownerOf(create);
  const body = bodyOf(create.customer);
  return {
    key:
      idempotencyKey === undefined
        ? secret.unkeyedDigest(owner, body, callerRequestId)
        : secret.keyDigest(owner, idempotencyKey),
    // A derived key takes 1,024 bytes of input at most, and a body may be longer.
    sealingKey: idempotencyKey ?? createHash('sha256').update(body).digest('base64url'),
    fingerprint: secret.fingerprint(business, body),
  };
}

/**
 * Equal for creates of one caller that may be the same. The client-request-id does not count: some
 * clients send a new one with each attempt. For the memory of this process only.
 */
export function resemblance(create: UnkeyedCreate): string {
  return JSON.stringify([...partsOf(ownerOf(create)), bodyOf(create.customer)]);
}

function ownerOf({ business, request }: UnkeyedCreate): KeyOwner {
  return { caller: request.caller, business, operation: 'createCustomer' };
}

/** Every customer has the same type, so a body that names it is the same body. */
function bodyOf({ '@odata.type': _, ...properties }: BookingCustomer): string {
  return canonicalJson(properties);
}
