/** What a caller can ask of the proxy; each has a route, a row per token kind, and a method upstream. */
export type Operation =
  | 'createCustomer'
  | 'listCustomers'
  | 'countCustomers'
  | 'getCustomer'
  | 'updateCustomer'
  | 'deleteCustomer';

/** Whether `operation` changes something, so that its outcome matters when no answer comes. */
export function isWrite(operation: Operation): boolean {
  return WRITES.includes(operation);
}

const WRITES: readonly Operation[] = ['createCustomer', 'updateCustomer', 'deleteCustomer'];

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
  /** Where the row departs from Microsoft's, and why. */
  readonly note?: string;
}

/** The least privileged of those that write; for an application the only one that surely works. */
const APPOINTMENT = 'BookingsAppointment.ReadWrite.All';
const TO_WRITE = [APPOINTMENT, 'Bookings.ReadWrite.All', 'Bookings.Manage.All'];
const TO_READ = ['Bookings.Read.All', ...TO_WRITE];
const NEVER_READ_ALL =
  "Microsoft's table names Bookings.Read.All too; here a permission to read never writes";

/** Microsoft's permission tables, as data. Personal accounts: not supported, for every operation. */
export const PERMISSIONS: readonly PermissionRow[] = [
  ...rowsOf('createCustomer', 'bookingbusiness-post-customers', TO_WRITE, [APPOINTMENT]),
  ...rowsOf('listCustomers', 'bookingbusiness-list-customers', TO_READ, TO_READ),
  // In no page: whoever may list may count.
  ...rowsOf('countCustomers', 'bookingbusiness-list-customers', TO_READ, TO_READ),
  ...rowsOf('getCustomer', 'bookingcustomer-get', TO_READ, TO_READ),
  ...rowsOf('updateCustomer', 'bookingcustomer-update', TO_WRITE, [APPOINTMENT], NEVER_READ_ALL),
  ...rowsOf('deleteCustomer', 'bookingcustomer-delete', TO_WRITE, [APPOINTMENT], NEVER_READ_ALL),
];

function rowsOf(
  operation: Operation,
  page: string,
  delegated: readonly string[],
  application: readonly string[],
  note?: string,
): PermissionRow[] {
  const source = `Microsoft Graph v1.0, ${page}, Permissions`;
  return [
    { operation, kind: 'delegated', anyOf: delegated, source },
    { operation, kind: 'application', anyOf: application, source, ...(note && { note }) },
  ];
}

export type Verdict =
  | { readonly permitted: true }
  | {
      readonly permitted: false;
      readonly reason: 'personal-account' | 'missing-permission';
      /** What would do, least privileged first; empty where nothing would. */
      readonly anyOf: readonly string[];
    };

const PERMITTED: Verdict = { permitted: true };

/** Whether `caller` may do `operation`. What no row allows is refused. */
export function permits(caller: Caller, operation: Operation): Verdict {
  if (caller.personal) return { permitted: false, reason: 'personal-account', anyOf: [] };
  const own = PERMISSIONS.find((row) => row.operation === operation && row.kind === caller.kind);
  const anyOf = own?.anyOf ?? [];
  return anyOf.some((permission) => caller.permissions.includes(permission))
    ? PERMITTED
    : { permitted: false, reason: 'missing-permission', anyOf };
}
