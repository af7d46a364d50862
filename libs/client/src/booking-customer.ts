import { type ApiResponse, isObject, parseJson, invalidResponse } from './api-response.ts';
import type {
  BookingCustomer as BookingCustomerModel,
  BookingCustomerChanges as BookingCustomerChangesModel,
  Phone as PhoneModel,
  PhysicalAddress as PhysicalAddressModel,
} from '@bookings/domain';

// Aliases, because the package has only the types of the domain's classes. Its declarations must not
// contain their constructors.

/** Graph's `bookingCustomer` in a create. */
export type BookingCustomer = BookingCustomerModel;
/** Changes to a customer. An absent property does not change, and null empties one. */
export type BookingCustomerChanges = BookingCustomerChangesModel;
/** Graph's `physicalAddress`. */
export type PhysicalAddress = PhysicalAddressModel;
/** Graph's `phone`. */
export type Phone = PhoneModel;

/** A customer as Graph stores it. `id` is opaque: a GUID or Base64. */
export type CreatedBookingCustomer = BookingCustomer & {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly createdDateTime?: string | null;
  /** ISO 8601 in UTC. */
  readonly lastUpdatedDateTime?: string | null;
};

/** Whether `entity` is a stored customer. Only its id is required. */
export function isCustomer(entity: unknown): entity is CreatedBookingCustomer {
  return isObject(entity) && typeof entity['id'] === 'string' && entity['id'] !== '';
}

/** @throws BookingsApiError if the response is not a customer */
export function customerIn(response: ApiResponse, write = false): CreatedBookingCustomer {
  const entity = parseJson(response.text);
  if (isCustomer(entity)) return entity;
  throw invalidResponse(response, 'a booking customer', write);
}
