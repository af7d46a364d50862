import type { ErrorDetail } from './graph-error.ts';

/** The code of a refusal that concerns all users: the proxy may not act on their behalf. */
export const CONSENT_MISSING = 'ConsentMissing';

/**
 * Refusals of a token on behalf of a user that signing in again cannot cure, by the number of
 * Entra's error. Microsoft may change its numbers, so the answer to any other number stays 401.
 *
 * Source: Microsoft, "Microsoft Entra authentication and authorization error codes"
 * (learn.microsoft.com/entra/identity-platform/reference-error-codes), as of 2024-04-24. The
 * comments have Microsoft's names.
 */
export const USER_REFUSALS: ReadonlyMap<number, ErrorDetail> = new Map([
  // UserUnauthorized
  refusal(
    50020,
    'UserUnknown',
    'The account of the user belongs to another identity provider and is not in the tenant of this proxy. An administrator must invite the user as a guest.',
  ),
  // UserAccountNotFound
  refusal(
    50034,
    'UserUnknown',
    'The account of the user is not in the directory of this proxy. An administrator must add it, or invite the user as a guest.',
  ),
  // UserDisabled
  refusal(
    50057,
    'UserDisabled',
    'The account of the user is disabled. An administrator must enable it.',
  ),
  // EntitlementGrantsNotFound
  refusal(
    50105,
    'UserNotAssigned',
    'The user is not assigned to the application of this proxy. An administrator must assign the user to it in Entra.',
  ),
  // UserAccountNotInDirectory
  refusal(
    51004,
    'UserUnknown',
    'The directory of this proxy has no account of the user. An administrator must add the user as a guest.',
  ),
  // BlockedByConditionalAccess
  refusal(
    53003,
    'BlockedByPolicy',
    'A Conditional Access policy blocks the user. An administrator must find the policy that applied, and change it.',
  ),
  // BlockedByConditionalAccessOnSecurityPolicy
  refusal(
    530032,
    'BlockedByPolicy',
    'A security policy of the tenant blocks the user. An administrator must check the security policies of the tenant.',
  ),
  // DelegationDoesNotExist
  refusal(
    65001,
    CONSENT_MISSING,
    'There is no consent that this proxy calls Graph on behalf of the user. An administrator must grant admin consent to the application of this proxy.',
  ),
  // AdminConsentRequired
  refusal(
    90094,
    CONSENT_MISSING,
    'The consent of an administrator is required. An administrator must grant admin consent to the application of this proxy.',
  ),
]);

function refusal(number: number, code: string, message: string): readonly [number, ErrorDetail] {
  return [number, { code, message }];
}
