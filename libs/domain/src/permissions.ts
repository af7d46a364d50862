import type { Caller } from './caller.ts';
import { OPERATIONS, type Operation } from './operations.ts';

export type Verdict =
  | { readonly permitted: true }
  | {
      readonly permitted: false;
      readonly reason: 'personal-account' | 'missing-permission';
      /** Permissions that would be enough, least privileged first; empty where none is. */
      readonly anyOf: readonly string[];
    };

const PERMITTED: Verdict = { permitted: true };

/** Whether the token of `caller` permits `operation`. Personal accounts are never permitted. */
export function permits(caller: Caller, operation: Operation): Verdict {
  if (caller.personal) return { permitted: false, reason: 'personal-account', anyOf: [] };
  const anyOf = OPERATIONS[operation].permissions[caller.kind];
  return anyOf.some((permission) => caller.permissions.includes(permission))
    ? PERMITTED
    : { permitted: false, reason: 'missing-permission', anyOf };
}
