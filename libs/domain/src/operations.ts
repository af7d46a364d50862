import type { TokenKind } from './caller.ts';
import { encodedSegment } from './odata/path-segment.ts';

/** The operations of a business access file. */
export const ACCESS_KINDS = ['create', 'read', 'update', 'delete'] as const;

export type AccessKind = (typeof ACCESS_KINDS)[number];

export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Graph's path below `/v1.0`, with its parameters in braces. */
  readonly path: string;
  /** The operation of a business access file that covers this one. Everything but `read` is a write. */
  readonly access: AccessKind;
  /** The permissions of each token kind. One of them is enough; the least privileged comes first. */
  readonly permissions: Readonly<Record<TokenKind, readonly string[]>>;
  /** Microsoft's page that the permissions come from. */
  readonly source: string;
  /** How the application permissions differ from a table or list of Microsoft, and why. */
  readonly note?: string;
  readonly successStatus: number;
  /** Whether the response is a page, which may be larger than a customer. */
  readonly returnsPage?: boolean;
  /** For OpenAPI. */
  readonly summary: string;
}

const CUSTOMERS = '/solutions/bookingBusinesses/{business}/customers';
const CUSTOMER = `${CUSTOMERS}/{customer}`;

const APPOINTMENT = 'BookingsAppointment.ReadWrite.All';
const WRITE_PERMISSIONS = [APPOINTMENT, 'Bookings.ReadWrite.All', 'Bookings.Manage.All'];
const READ_PERMISSIONS = ['Bookings.Read.All', ...WRITE_PERMISSIONS];
const FOR_READS = { delegated: READ_PERMISSIONS, application: READ_PERMISSIONS };
const FOR_WRITES = { delegated: WRITE_PERMISSIONS, application: [APPOINTMENT] };
const ROW_OF_CREATE =
  "Microsoft's table names Bookings.ReadWrite.All, Bookings.Manage.All and Bookings.Read.All too; here the row of create counts";
const NARROWER_ROW =
  "permissions.json of Microsoft names Bookings.ReadWrite.All and Bookings.Manage.All too; here the page's row counts";

/**
 * The single source for all operations. Routes, permission checks, the business access file, the audit,
 * OpenAPI, the documentation tables and the lists in tests derive from it.
 */
const TABLE = {
  createCustomer: {
    method: 'POST',
    path: CUSTOMERS,
    access: 'create',
    permissions: FOR_WRITES,
    source: 'Microsoft Graph v1.0, bookingbusiness-post-customers, Permissions',
    note: NARROWER_ROW,
    successStatus: 201,
    summary: 'Create a booking customer',
  },
  listCustomers: {
    method: 'GET',
    path: CUSTOMERS,
    access: 'read',
    permissions: FOR_READS,
    source: 'Microsoft Graph v1.0, bookingbusiness-list-customers, Permissions',
    successStatus: 200,
    returnsPage: true,
    summary: 'List the booking customers of a business, page by page',
  },
  countCustomers: {
    method: 'GET',
    path: `${CUSTOMERS}/$count`,
    access: 'read',
    permissions: FOR_READS,
    // Graph has no page for $count; it needs what list needs.
    source: 'Microsoft Graph v1.0, bookingbusiness-list-customers, Permissions',
    successStatus: 200,
    summary: 'Count the booking customers of a business',
  },
  getCustomer: {
    method: 'GET',
    path: CUSTOMER,
    access: 'read',
    permissions: FOR_READS,
    source: 'Microsoft Graph v1.0, bookingcustomer-get, Permissions',
    successStatus: 200,
    summary: 'Get a booking customer',
  },
  updateCustomer: {
    method: 'PATCH',
    path: CUSTOMER,
    access: 'update',
    permissions: FOR_WRITES,
    source: 'Microsoft Graph v1.0, bookingcustomer-update, Permissions',
    note: ROW_OF_CREATE,
    successStatus: 200,
    summary: 'Change properties of a booking customer; what is absent stays as it is',
  },
  deleteCustomer: {
    method: 'DELETE',
    path: CUSTOMER,
    access: 'delete',
    permissions: FOR_WRITES,
    source: 'Microsoft Graph v1.0, bookingcustomer-delete, Permissions',
    note: ROW_OF_CREATE,
    successStatus: 204,
    summary: 'Delete a booking customer',
  },
} as const satisfies Readonly<Record<string, OperationRow>>;

export type Operation = keyof typeof TABLE;

/** An operation that changes something: its outcome matters when no response arrives. */
export type WriteOperation = {
  [Name in Operation]: (typeof TABLE)[Name]['access'] extends 'read' ? never : Name;
}[Operation];

export const OPERATIONS: Readonly<Record<Operation, OperationRow>> = TABLE;

/** In the order of the table. */
export const OPERATION_NAMES: readonly Operation[] = Object.keys(TABLE).filter(isOperation);

function isOperation(name: string): name is Operation {
  return Object.hasOwn(TABLE, name);
}

export function isWrite(operation: Operation): operation is WriteOperation {
  return accessKindOf(operation) !== 'read';
}

/** The operation of a business access file that covers `operation`. */
export function accessKindOf(operation: Operation): AccessKind {
  return OPERATIONS[operation].access;
}

/** Decoded ids that the path of an operation names. */
export interface OperationIds {
  readonly business: string;
  readonly customer?: string;
}

/** The path of `operation` below `/v1.0`, with each id encoded as one segment. */
export function operationPath(
  operation: Operation,
  { business, customer = '' }: OperationIds,
): string {
  return OPERATIONS[operation].path
    .replace('{business}', () => encodedSegment(business))
    .replace('{customer}', () => encodedSegment(customer));
}
