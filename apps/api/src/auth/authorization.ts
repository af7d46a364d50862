import {
  type BusinessAccess,
  type Caller,
  type ErrorDetail,
  type MissingAccess,
  type Operation,
  accessKindOf,
  permits,
} from '@bookings/domain';
import type { Config } from '../config/config.ts';

/** What a caller asks to do. */
export interface AccessRequest {
  readonly operation: Operation;
  /** Decoded once; undefined where any permission alone is asked about. */
  readonly business?: string | undefined;
}

/** The rules in force; undefined without a business access file, when every business is reached. */
export type AccessRules = { readonly current: BusinessAccess } | undefined;

/** What the proxy lets callers do, besides what their tokens permit. */
export interface AuthorizationPolicy {
  readonly rules: AccessRules;
  /** Whether it can go up on behalf of users; a managed identity cannot. */
  readonly servesUsers: boolean;
}

export function authorizationPolicy({ businessRules, graph }: Config): AuthorizationPolicy {
  return { rules: businessRules, servesUsers: graph.credential.kind !== 'managed-identity' };
}

/**
 * All that is missing for `accessRequest`, each with what would do; empty when the caller may. A 403 has it
 * as its `details`, and `GET /permissions` tells it beforehand.
 */
export function authorize(
  caller: Caller,
  accessRequest: AccessRequest,
  policy: AuthorizationPolicy,
): readonly ErrorDetail[] {
  const users = caller.kind === 'delegated' && !policy.servesUsers ? USERS_NOT_SERVED : undefined;
  const found = [
    missingPermission(caller, accessRequest),
    users,
    missingBusinessAccess(caller, accessRequest, policy.rules),
  ];
  return found.filter((each) => each !== undefined);
}

/** What is missing of the token's permissions. */
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
  const message = `The caller holds ${held} without any of the ${kind} that would do: ${verdict.anyOf.join(', ')}.`;
  return { code: 'MissingPermission', message, target: delegated ? 'scp' : 'roles' };
}

/** What is missing in the business access file: nothing of what is there is told. */
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
  const parts = missing.map((lack) =>
    lack === 'business' ? 'the business' : `the operation "${kind}"`,
  );
  return `${parts.join(' and ')} to its entry in the business access file`;
}

const USERS_NOT_SERVED: ErrorDetail = {
  code: 'UsersNotServed',
  message:
    'This proxy serves applications alone: its managed identity cannot act on behalf of a user.',
  target: 'scp',
};

/** The token comes from a tenant that is not among the accepted ones. */
export const FOREIGN_TENANT: ErrorDetail = {
  code: 'TenantNotAccepted',
  message: "The token's tenant is not accepted here.",
  target: 'tid',
};
