import { isObject } from '@bookings/domain';
import type { TokenFailure } from './token-failure.ts';

/** LoopDetected: the application has made the same request too often in a short time. */
const LOOP_DETECTED = 50196;

/** TenantThrottlingError: there are too many requests, and the tenant is blocked. */
const TENANT_THROTTLED = 90055;

/**
 * Whether the token endpoint wants fewer requests, or is too busy for this one.
 *
 * Sources: Microsoft, "Microsoft Entra authentication and authorization error codes"
 * (`temporarily_unavailable`, 50196, 90055) and "Understanding client and server throttling in
 * MSAL.NET": client credentials get 429, and an exchange for a user gets `invalid_grant` with 50196.
 */
export function isThrottled(status: number, body: unknown, number: number | undefined): boolean {
  if (status === 429 || status >= 500) return true;
  if (number === LOOP_DETECTED || number === TENANT_THROTTLED) return true;
  return isObject(body) && body['error'] === 'temporarily_unavailable';
}

/**
 * Whether the throttling holds for every request of the tenant. Other throttling holds for the
 * request alone: MSAL's own throttling goes by client, authority, scopes and account (msal-common,
 * docs/Throttling.md).
 */
export function concernsTenant(failure: TokenFailure | undefined): boolean {
  return failure?.number === TENANT_THROTTLED;
}
