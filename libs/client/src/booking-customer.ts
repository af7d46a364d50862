import { type ApiResponse, isObject, parseJson, invalidResponse } from './api-response.ts';
import type {
  BookingCustomer as BookingCustomerModel,
  BookingCustomerChanges as BookingCustomerChangesModel,
  Phone as PhoneModel,
  PhysicalAddress as PhysicalAddressModel,
  PhysicalAddressType,
} from '@bookings/domain';

// Aliases, because the package has only the types of the domain's classes. Its declarations must not
// contain their constructors.

/** The members of a class, without the class: copies of the object are of the same type. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> }
    : T;

/** What a request may have. An undefined member is not sent, so it counts as absent. */
type Input<T> = T extends readonly (infer Item)[]
  ? readonly Input<Item>[]
  : T extends object
    ? {
        readonly [K in keyof T]: Partial<Pick<T, K>> extends Pick<T, K>
          ? Input<T[K]> | undefined
          : Input<T[K]>;
      }
    : T;

/** Only Graph sets these, and the proxy refuses them: a customer that was read is no input. */
type WithoutReadOnly = {
  readonly [K in Exclude<keyof CreatedBookingCustomer, keyof BookingCustomerModel>]?: undefined;
};

/** Graph's `bookingCustomer` in a create. */
export type BookingCustomer = Input<BookingCustomerModel> & WithoutReadOnly;
/** Changes to a customer. An absent property does not change, and null empties one. */
export type BookingCustomerChanges = Input<BookingCustomerChangesModel> & WithoutReadOnly;
/** Graph's `physicalAddress`. */
export type PhysicalAddress = Input<PhysicalAddressModel>;
/** Graph's `phone`. */
export type Phone = Input<PhoneModel>;

/**
 * An address as Graph keeps it. Graph's v1.0 schema declares neither a type nor a postOfficeBox, so
 * neither is promised. Of Microsoft's pages, one returns both as they were sent, and another says that
 * a type is kept as `others`. Such an address cannot be sent back.
 */
export type StoredPhysicalAddress = Omit<Plain<PhysicalAddressModel>, 'postOfficeBox' | 'type'> & {
  /** Not promised. */
  postOfficeBox?: string | null;
  /** Not promised. Values other than those of a request are possible. */
  type?: PhysicalAddressType | 'others' | (string & {}) | null;
};

/**
 * A customer as Graph stores it. `id` is opaque: a GUID or Base64. Promised are `id`, `displayName`, and
 * after a read what the v1.0 schema declares. A response may have more members, which are kept.
 */
export type CreatedBookingCustomer = Omit<Plain<BookingCustomerModel>, 'addresses'> & {
  readonly id: string;
  addresses?: StoredPhysicalAddress[];
  /** ISO 8601 in UTC. */
  readonly createdDateTime?: string | null;
  /** ISO 8601 in UTC. */
  readonly lastUpdatedDateTime?: string | null;
};

/** A property of a stored customer that a list may be limited to. */
export type CustomerProperty = Exclude<keyof CreatedBookingCustomer, '@odata.type'>;

/** A customer of a list that was limited to some properties. The id is always there. */
export type SelectedCustomer<P extends CustomerProperty> = Pick<CreatedBookingCustomer, P | 'id'>;

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
