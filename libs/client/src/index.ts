export type { PhoneType, PhysicalAddressType } from '@bookings/domain';
export type {
  BookingCustomer,
  BookingCustomerChanges,
  CreatedBookingCustomer,
  CustomerProperty,
  Phone,
  PhysicalAddress,
  SelectedCustomer,
  StoredPhysicalAddress,
} from './booking-customer.ts';
export {
  BookingsApiError,
  type BookingsApiErrorInit,
  type ErrorDetail,
} from './bookings-api-error.ts';
export type { ErrorCode, KnownErrorCode } from './error-code.ts';
export { BookingsClient, type BookingsClientOptions } from './bookings-client.ts';
export type { CreateReport } from './create.ts';
export type { CreateOptions } from './create-options.ts';
export type { CustomerPage } from './customer-page.ts';
export type { CountOptions, ListOptions, RequestOptions, WriteOptions } from './request-options.ts';
export type { GetToken } from './sender.ts';
