import {
  type BusinessAccess,
  type Caller,
  type ErrorDetail,
  type MissingAccess,
  type Operation,
  USERS_NOT_SERVED,
  accessKindOf,
  permits,
} from '@bookings/domain';
import type { Config } from '../config/config.ts';

/** An operation that a caller requests. */
export interface AccessRequest {
  readonly operation: Operation;
  /** Decoded once. Undefined: only the token's permission is checked. */
  readonly business?: string | undefined;
}

/** The rules in force. Undefined without a business access file: every business is allowed. */
export type AccessRules = { readonly current: BusinessAccess } | undefined;

/** The rules of the proxy, in addition to the permissions of the token. */
export interface AuthorizationPolicy {
  readonly rules: AccessRules;
  /** Whether the proxy can act on behalf of users. A managed identity cannot. */
  readonly servesUsers: boolean;
}

export function authorizationPolicy({ businessAccessRules, graph }: Config): AuthorizationPolicy {
  return { rules: businessAccessRules, servesUsers: graph.credential.kind !== 'managed-identity' };
}

/**
 * Everything that is missing for `accessRequest`; empty when it is allowed. A 403 lists it in
 * `details`, and so does `GET /permissions`.
 */
export function authorize(
  caller: Caller,
  accessRequest: AccessRequest,
  policy: AuthorizationPolicy,
): readonly ErrorDetail[] {
  const userRefusal =
    caller.kind === 'delegated' && !policy.servesUsers ? USERS_NOT_SERVED : undefined;
  const found = [
    missingPermission(caller, accessRequest),
    userRefusal,
    missingBusinessAccess(caller, accessRequest, policy.rules),
  ];
  return found.filter((each) => each !== undefined);
}

/** The missing permission of the token, if any. */
function missingPermission(caller: Caller, { operation }: AccessRequest): ErrorDetail | undefined {
  const verdict = permits(caller, operation);
  if (verdict.permitted) return undefined;
  if (verdict.reason === 'personal-account') {
    const message = 'Personal Microsoft accounts are not supported for booking customers.';
    return { code: 'PersonalAccount', message, target: 'tid' };
  }
  const delegated = caller.kind === 'delegated';
  const held = delegated ? 'a delegated token' : 'an application token';
  const kind = delegated ? 'delegated permissions' : 'application permissions';
  const needed = `The caller holds ${held} without any of the ${kind} that would do: ${verdict.anyOf.join(', ')}.`;
  const message = `${needed} ${heldPermissions(caller)} ${delegated ? CONSENT : ASSIGNMENT}`;
  return { code: 'MissingPermission', message, target: delegated ? 'scp' : 'roles' };
}

const ASSIGNMENT =
  'An administrator of the tenant can assign an app role of this proxy to the application.';
const CONSENT =
  'The application must request a scope of this proxy, and the user or an administrator of the tenant must consent.';

/** Permissions have such names. Another value could be personal. */
const PERMISSION_NAME = /^[A-Za-z][\w.-]{0,63}$/;
const MAX_HELD = 10;

function heldPermissions({ permissions }: Caller): string {
  const names = permissions.filter((each) => PERMISSION_NAME.test(each)).slice(0, MAX_HELD);
  const others = permissions.length - names.length;
  if (others > 0) names.push(`${others} more`);
  return names.length === 0 ? 'It holds none.' : `It holds ${names.join(', ')}.`;
}

/** The missing entry in the business access file, if any. Reveals no existing entry. */
export function missingBusinessAccess(
  { appId }: Caller,
  { operation, business }: AccessRequest,
  rules: AccessRules,
): ErrorDetail | undefined {
  if (rules === undefined || business === undefined) return undefined;
  const verdict = rules.current.reaches(appId, business, operation);
  if (verdict.allowed) return undefined;
  const kind = accessKindOf(operation);
  const message = `This application may not ${kind} customers of this business: an administrator of the proxy must add ${additions(verdict.missing, kind)}.`;
  return { code: 'BusinessNotAllowed', message, target: 'business' };
}

function additions(missing: readonly MissingAccess[], kind: string): string {
  if (missing.includes('caller')) return 'it to the business access file';
  const parts = missing.map((access) =>
    access === 'business' ? 'the business' : `the operation "${kind}"`,
  );
  return `${parts.join(' and ')} to its entry in the business access file`;
}

export const FOREIGN_TENANT: ErrorDetail = {
  code: 'TenantNotAccepted',
  message: "The token's tenant is not accepted.",
  target: 'tid',
};
