/** What a caller can ask of the proxy; each has a route, a row per token kind, and a method upstream. */
export type Operation = 'createCustomer';

/** `delegated`: a user is behind the call. `application`: a service calls as itself. */
export type TokenKind = 'delegated' | 'application';

/** Who calls, as the verified token says. Holds no name and no address. */
export interface Caller {
  readonly kind: TokenKind;
  /** The calling application: `azp`, or `appid` in v1 tokens. */
  readonly appId: string;
  readonly tenantId: string;
  /** The user's object id; absent for an application. */
  readonly objectId?: string;
  /** Delegated scopes or application roles, whichever the kind makes count. */
  readonly permissions: readonly string[];
  /** A personal Microsoft account, for which no customer operation is supported. */
  readonly personal: boolean;
}

export interface PermissionRow {
  readonly operation: Operation;
  readonly kind: TokenKind;
  /** Any one suffices; least privileged first. */
  readonly anyOf: readonly string[];
  readonly source: string;
}

const CREATE_PAGE =
  'Microsoft Graph v1.0, Create bookingCustomer, Permissions (bookingbusiness-post-customers)';

/** Microsoft's permission tables, as data. Personal accounts: not supported, for every operation. */
export const PERMISSIONS: readonly PermissionRow[] = [
  {
    operation: 'createCustomer',
    kind: 'delegated',
    anyOf: ['BookingsAppointment.ReadWrite.All', 'Bookings.ReadWrite.All', 'Bookings.Manage.All'],
    source: CREATE_PAGE,
  },
  {
    operation: 'createCustomer',
    kind: 'application',
    anyOf: ['BookingsAppointment.ReadWrite.All'],
    source: CREATE_PAGE,
  },
];

export type Verdict =
  | { readonly permitted: true }
  | {
      readonly permitted: false;
      readonly reason: 'personal-account' | 'missing-permission';
      /** What would do, least privileged first; empty where nothing would. */
      readonly anyOf: readonly string[];
    };

const rows = new Map(PERMISSIONS.map((row) => [rowKey(row.operation, row.kind), row]));

/** Whether `caller` may do `operation`. What no row allows is refused. */
export function permits(caller: Caller, operation: Operation): Verdict {
  if (caller.personal) return { permitted: false, reason: 'personal-account', anyOf: [] };
  const anyOf = rows.get(rowKey(operation, caller.kind))?.anyOf ?? [];
  return anyOf.some((permission) => caller.permissions.includes(permission))
    ? { permitted: true }
    : { permitted: false, reason: 'missing-permission', anyOf };
}

function rowKey(operation: Operation, kind: TokenKind): string {
  return `${operation} ${kind}`;
}
