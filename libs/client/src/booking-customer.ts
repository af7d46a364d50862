import { type Answer, isObject, parseJson, unintelligible } from './answer.ts';
import type {
  BookingCustomer as BookingCustomerModel,
  BookingCustomerChanges as BookingCustomerChangesModel,
  Phone as PhoneModel,
  PhysicalAddress as PhysicalAddressModel,
} from '@bookings/domain';

// Aliases, because the domain's classes are types here and nothing else: exported as they are, the
// package's declarations would promise constructors that it does not have.

/** Graph's `bookingCustomer` as a caller writes it. */
export type BookingCustomer = BookingCustomerModel;
/** What of a customer is to change. Absent is left as it is; null empties it. */
export type BookingCustomerChanges = BookingCustomerChangesModel;
/** Graph's `physicalAddress`. */
export type PhysicalAddress = PhysicalAddressModel;
/** Graph's `phone`. */
export type Phone = PhoneModel;

/** A customer as Graph keeps it. `id` is opaque: a GUID or Base64. */
export type CreatedBookingCustomer = BookingCustomer & {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly createdDateTime?: string | null;
  /** ISO 8601 in UTC. */
  readonly lastUpdatedDateTime?: string | null;
};

/** Whether `entity` can be a customer as Graph keeps it: all else of it is optional. */
export function isCustomer(entity: unknown): entity is CreatedBookingCustomer {
  return isObject(entity) && typeof entity['id'] === 'string' && entity['id'] !== '';
}

/** @throws BookingsApiError when the answer is no customer */
export function customerIn(answer: Answer, write = false): CreatedBookingCustomer {
  const entity = parseJson(answer.text);
  if (isCustomer(entity)) return entity;
  throw unintelligible(answer, 'a booking customer', write);
}
