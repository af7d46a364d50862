export type { PhoneType, PhysicalAddressType } from '@bookings/domain';
export type {
  BookingCustomer,
  CreatedBookingCustomer,
  Phone,
  PhysicalAddress,
} from './booking-customer.ts';
export {
  BookingsApiError,
  type BookingsApiErrorInit,
  type ErrorDetail,
} from './bookings-api-error.ts';
export {
  BookingsClient,
  type BookingsClientOptions,
  type RequestOptions,
} from './bookings-client.ts';
