export { MAX_RESPONSE_BYTES, MAX_PAGE_BYTES } from './response-bounds.ts';
export {
  BOOKING_CUSTOMER_TYPE,
  BookingCustomer,
  BookingCustomerChanges,
} from './model/booking-customer.ts';
export { bodySchemas } from './validation/body-schemas.ts';
export { BUSINESS_ID_CHARACTERS, foldBusinessId, isBusinessId } from './access/business-id.ts';
export {
  type AccessVerdict,
  BusinessAccess,
  type MissingAccess,
} from './access/business-access.ts';
export {
  BookingsGateway,
  type CreatedCustomer,
  type UpstreamResponse,
  type UpstreamRequest,
  type UpstreamTrace,
} from './bookings-gateway.ts';
export {
  type ConnectionFault,
  type ConnectionFaultKind,
  connectionFault,
} from './connection-fault.ts';
export { MAX_CREDENTIAL_FILE_BYTES } from './file-bounds.ts';
export { DOCUMENTED_CUSTOMER } from './model/documented-customer.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorContext,
  type ErrorDetail,
  GraphError,
  type GraphErrorBody,
  type GraphErrorOptions,
  type Outcome,
} from './errors/graph-error.ts';
export { CONSENT_MISSING, USER_REFUSALS } from './errors/user-refusals.ts';
export { USERS_NOT_SERVED } from './errors/users-not-served.ts';
export { MAX_JSON_DEPTH, isDeeperThan, parseJson } from './json-depth.ts';
export {
  WRITABLE_PROPERTIES,
  parse,
  parseCustomer,
  parseCustomerChanges,
} from './validation/parse.ts';
export { type MemberDifferences, memberDifferences } from './validation/member-differences.ts';
export { isControlInformation } from './validation/names.ts';
export { encodedSegment } from './odata/path-segment.ts';
export type { Caller, TokenKind } from './caller.ts';
export {
  ACCESS_KINDS,
  OPERATIONS,
  OPERATION_NAMES,
  type Operation,
  type OperationIds,
  type OperationRow,
  type WriteOperation,
  accessKindOf,
  isWrite,
  operationPath,
} from './operations.ts';
export { type Verdict, permits } from './permissions.ts';
export { PHONE_TYPES, Phone, type PhoneType } from './model/phone.ts';
export {
  PHYSICAL_ADDRESS_TYPES,
  PhysicalAddress,
  type PhysicalAddressType,
} from './model/physical-address.ts';
export {
  type AccessFault,
  BusinessAccessError,
  readBusinessAccess,
} from './access/read-business-access.ts';
export { QUERY_OPTIONS, readQueryOptions, refuseQueryOptions } from './odata/query-options.ts';
export { READ_ONLY_PROPERTIES } from './model/read-only.ts';
export type { AttemptSpan, RequestSpans, TracedAttempt } from './request-spans.ts';
export { RunningWork } from './running-work.ts';
export { withSeparateAttempts } from './separate-attempts.ts';
export {
  asciiLowerCase,
  inNormalForm,
  isObject,
  isWellFormed,
  sanitizeForDisplay,
} from './values.ts';
export type { Write, WriteInterceptor, WriteResponse } from './write-interceptor.ts';
export { MAX_DETAILS } from './validation/violation.ts';
