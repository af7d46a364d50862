import { readFileSync } from 'node:fs';
import { jsonObject } from './json.ts';

/** The business of the documented example. */
export const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';
export const CREATE_PERMISSION = 'BookingsAppointment.ReadWrite.All';

/** The customers of a business, without the version of the API. A part of a batch uses this path. */
export const relativePath = (business = BUSINESS) =>
  `/solutions/bookingBusinesses/${business}/customers`;
export const customersPath = (business = BUSINESS) => `/v1.0${relativePath(business)}`;

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The request body on the page "Create bookingCustomer", byte for byte. */
export const DOCUMENTED_REQUEST = read('../../../libs/domain/src/model/documented-customer.json');
/** The response body on that page, parsed. */
export const DOCUMENTED_RESPONSE = jsonObject(read('documented-response.json'));

/** A customer for the fake to store, which adds the other properties. */
export const STORED_CUSTOMER = { displayName: 'Joni Sherman' };
