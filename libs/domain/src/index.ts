export { MAX_ANSWER_BYTES, MAX_PAGE_BYTES } from './answer-bounds.ts';
export {
  BOOKING_CUSTOMER_TYPE,
  BookingCustomer,
  BookingCustomerChanges,
} from './booking-customer.ts';
export { bodySchemas } from './body-schemas.ts';
export { BUSINESS_ID_CHARACTERS, foldBusinessId, isBusinessId } from './business-id.ts';
export { type AccessVerdict, BusinessAccess, type Lack, accessKindOf } from './business-access.ts';
export {
  BookingsUpstream,
  type CreatedCustomer,
  type UpstreamAnswer,
  type UpstreamRequest,
  type UpstreamTrace,
} from './bookings-upstream.ts';
export { DOCUMENTED_CUSTOMER } from './documented-customer.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorContext,
  type ErrorDetail,
  GraphError,
  type GraphErrorBody,
  type GraphErrorOptions,
  type Outcome,
} from './graph-error.ts';
export { MOST_LEVELS, isDeeperThan, parsedJson } from './json-depth.ts';
export { ANNOTATION_PREFIX } from './names.ts';
export { WRITABLE_PROPERTIES, parse, parseCustomer, parseCustomerChanges } from './parse.ts';
export { encodedSegment } from './path-segment.ts';
export {
  type Caller,
  type Operation,
  PERMISSIONS,
  type PermissionRow,
  type TokenKind,
  type Verdict,
  isWrite,
  permits,
} from './permissions.ts';
export { PHONE_TYPES, Phone, type PhoneType } from './phone.ts';
export {
  PHYSICAL_ADDRESS_TYPES,
  PhysicalAddress,
  type PhysicalAddressType,
} from './physical-address.ts';
export {
  type AccessFault,
  BusinessAccessError,
  readBusinessAccess,
} from './read-business-access.ts';
export { QUERY_OPTIONS, readQueryOptions } from './query-options.ts';
export { READ_ONLY_PROPERTIES } from './read-only.ts';
export { isObject } from './values.ts';
export { MOST_DETAILS } from './violation.ts';
